/**
 * @typedef {{ passed: number, failed: number, skipped: number, note?: string }} Counts
 */

/**
 * What a part of the tests came to, never better than its exit code: a run that broke without a failed test, or that ended
 * without a report, is a failure.
 *
 * @param {Counts | undefined} counted from the part's report; undefined when there is none
 * @param {number | string} exit an exit code, or the signal that ended it
 * @returns {Counts}
 */
export function judge(counted, exit) {
  if (!counted) return { passed: 0, failed: 1, skipped: 0, note: `ended (${exit}) without a result` };
  if (counted.passed + counted.failed + counted.skipped === 0) {
    return { ...counted, failed: 1, note: `ran no test (ended with ${exit})` };
  }
  if (exit !== 0 && counted.failed === 0) {
    return { ...counted, failed: 1, note: `no test failed, and yet it ended with ${exit}: see the error above` };
  }
  return counted;
}

/** A file that cannot be loaded has no test that could fail, so it counts itself. */
export function countVitest(report) {
  const broken = report.testResults.filter(
    (file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** How many tests of a Vitest report lie in files whose name ends so. */
export function countVitestTestsIn(report, ending) {
  return report.testResults
    .filter((file) => file.name.endsWith(ending))
    .reduce((sum, file) => sum + file.assertionResults.length, 0);
}

/** An error outside of the tests (the setup, a file that cannot be loaded) counts as one failure. */
export function countPlaywright(report) {
  const { expected, unexpected, flaky, skipped } = report.stats;
  const outside = unexpected === 0 && report.errors.length > 0 ? 1 : 0;
  return { passed: expected + flaky, failed: unexpected + outside, skipped };
}

/** @param {Counts[]} all */
export function total(all) {
  const sum = (name) => all.reduce((so, counts) => so + counts[name], 0);
  return { passed: sum("passed"), failed: sum("failed"), skipped: sum("skipped") };
}

/** The closing line of a run, in a form that programs read too. */
export function closingLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}
