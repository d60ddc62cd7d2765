import { describe, expect, it } from "vitest";
import { closingLine, countPlaywright, countVitest, countVitestTestsIn, judge, total } from "./test-counts.mjs";

const file = (name, ...statuses) => ({
  name,
  status: statuses.includes("failed") ? "failed" : "passed",
  assertionResults: statuses.map((status) => ({ status })),
});
const vitestReport = (passed, failed, testResults, skipped = 0) => ({
  numPassedTests: passed,
  numFailedTests: failed,
  numPendingTests: skipped,
  numTodoTests: 0,
  testResults,
});

describe("what a part came to", () => {
  it("a run that ended without a report is a failure", () => {
    expect(judge(undefined, "SIGKILL")).toMatchObject({
      passed: 0,
      failed: 1,
      note: expect.stringContaining("SIGKILL"),
    });
  });
  it("a run that broke although no test failed is a failure, and its passed tests still count", () => {
    expect(judge({ passed: 7, failed: 0, skipped: 0 }, 1)).toMatchObject({ passed: 7, failed: 1 });
  });
  it("a run of no tests is a failure, also when its program is content", () => {
    expect(judge({ passed: 0, failed: 0, skipped: 0 }, 0)).toMatchObject({ passed: 0, failed: 1 });
  });
  it("a good run is taken as it is", () => {
    expect(judge({ passed: 7, failed: 0, skipped: 2 }, 0)).toEqual({ passed: 7, failed: 0, skipped: 2 });
  });
});

describe("what Vitest reports", () => {
  it("a file that cannot be loaded counts as one failure", () => {
    const report = vitestReport(1, 0, [file("a.test.ts", "passed"), { ...file("b.test.ts"), status: "failed" }]);
    expect(countVitest(report)).toEqual({ passed: 1, failed: 1, skipped: 0 });
  });
  it("a file with failed tests counts by its tests", () => {
    const report = vitestReport(1, 2, [file("a.test.ts", "passed", "failed", "failed")]);
    expect(countVitest(report)).toEqual({ passed: 1, failed: 2, skipped: 0 });
  });
  it("the tests of the queue are found by the name of their file", () => {
    const report = vitestReport(3, 0, [
      file("/x/a.queue.int.test.ts", "passed", "passed"),
      file("/x/a.int.test.ts", "passed"),
    ]);
    expect(countVitestTestsIn(report, ".queue.int.test.ts")).toBe(2);
  });
});

describe("what Playwright reports", () => {
  const stats = { expected: 2, unexpected: 0, flaky: 0, skipped: 1 };
  it("a setup that broke counts as one failure", () => {
    expect(countPlaywright({ stats, errors: [{ message: "no stack" }] })).toEqual({ passed: 2, failed: 1, skipped: 1 });
  });
  it("failed tests count by their number", () => {
    expect(countPlaywright({ stats: { ...stats, unexpected: 3 }, errors: [] }).failed).toBe(3);
  });
});

describe("the closing line", () => {
  it("names skipped tests only where there are some", () => {
    expect(closingLine({ passed: 3, failed: 0, skipped: 0 })).toBe("3 passed, 0 failed");
    expect(closingLine({ passed: 3, failed: 1, skipped: 2 })).toBe("3 passed, 1 failed, 2 skipped");
  });
  it("adds up all parts", () => {
    const parts = [
      { passed: 1, failed: 0, skipped: 2 },
      { passed: 4, failed: 1, skipped: 0 },
    ];
    expect(total(parts)).toEqual({ passed: 5, failed: 1, skipped: 2 });
  });
});
