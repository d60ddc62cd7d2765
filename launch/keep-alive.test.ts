import { describe, expect, it } from "vitest";
import { judgeEnd, keepAlive, type Running } from "@/launch/keep-alive";

describe("keeping a part running", () => {
  it("waits longer before each start and gives up at the fifth death right after a start (E8)", () => {
    const delays: (number | undefined)[] = [];
    let quickDeaths = 0;
    for (let death = 1; death <= 5; death += 1) {
      const verdict = judgeEnd(quickDeaths, { livedMs: 9_999, expected: false });
      quickDeaths = verdict.quickDeaths;
      delays.push(verdict.delayMs);
    }
    expect(delays).toEqual([600, 1_200, 2_400, 4_800, undefined]);
  });

  it("forgets earlier deaths once it has lived for a while, or when its end was wanted", () => {
    expect(judgeEnd(4, { livedMs: 10_000, expected: false })).toEqual({ quickDeaths: 1, delayMs: 600 });
    expect(judgeEnd(4, { livedMs: 5, expected: true })).toEqual({ quickDeaths: 0, delayMs: 300 });
  });

  it("starts what has died again, and lets it rest after a stop", async () => {
    const parts: { running: Running; die: (reason: string) => void }[] = [];
    const lines: string[] = [];
    const part = () => {
      let die: (reason: string) => void = () => {};
      const ended = new Promise<string>((resolve) => {
        die = resolve;
      });
      const running = { pid: parts.length + 1, ended, end: async () => die("ended") };
      parts.push({ running, die });
      return running;
    };
    const kept = await keepAlive({
      name: "the part",
      start: async () => part(),
      log: (line) => lines.push(line),
      onGiveUp: () => {},
    });
    kept.expectEnd();
    parts[0]?.die("SIGKILL");
    await expect.poll(() => kept.current().pid).toBe(2);
    expect(lines).toEqual(["the part has ended (SIGKILL); starting it again"]);
    await kept.stop();
    expect(parts).toHaveLength(2);
  });
});
