import { describe, expect, test } from "vitest";
import { decideRestart, type EarlierRun } from "./restart-rule";

const T0 = Date.UTC(2026, 0, 1);
const at = (ms: number) => new Date(T0 + ms);

function ran(fromMs: number, toMs: number, overrides: Partial<EarlierRun> = {}): EarlierRun {
  const times = { createdAt: at(fromMs), startedAt: at(fromMs), finishedAt: at(toMs) };
  return { phase: "finished", stopAskedAt: null, neverStarted: false, ...times, ...overrides };
}
const crashes = (count: number) => Array.from({ length: count }, (_, back) => ran(-back * 100 - 50, -back * 100));

describe("decideRestart", () => {
  test("a replica without runs is started", () => {
    expect(decideRestart([], at(0))).toEqual({ action: "start" });
  });

  test.each(["pending", "running"] as const)("one that is %s is left alone", (phase) => {
    expect(decideRestart([ran(0, 0, { phase, finishedAt: null })], at(0))).toEqual({ action: "leave" });
  });

  test("one that was asked to end is replaced at once", () => {
    const ending = ran(0, 0, { phase: "running", finishedAt: null, stopAskedAt: at(5) });
    expect(decideRestart([ending], at(5))).toEqual({ action: "start" });
  });

  test.each([
    [1, 1_000],
    [2, 2_000],
    [3, 4_000],
    [4, 8_000],
  ])("after %i quick crashes it waits %i ms", (count, waitMs) => {
    expect(decideRestart(crashes(count), at(waitMs - 1))).toEqual({ action: "leave" });
    expect(decideRestart(crashes(count), at(waitMs))).toEqual({ action: "start" });
  });

  test("after five quick crashes in a row it is given up", () => {
    expect(decideRestart(crashes(5), at(3_600_000))).toEqual({ action: "give_up", crashes: 5 });
  });

  test.each([
    ["a run of a minute", ran(0, 60_000)],
    ["a stop that was asked for", ran(0, 50, { stopAskedAt: at(40) })],
    ["an end that nobody recorded", ran(0, 0, { finishedAt: null })],
  ])("%s wipes the slate", (_, run) => {
    expect(decideRestart([run, ...crashes(5)], at(60_000))).toEqual({ action: "start" });
  });

  test("a run of a millisecond less than a minute is a quick crash", () => {
    expect(decideRestart([ran(1, 60_000), ...crashes(4)], at(120_000))).toEqual({ action: "give_up", crashes: 5 });
  });

  test("a run that never came to start counts as a crash, from when it was asked for", () => {
    const never = ran(0, 0, { startedAt: null, finishedAt: null, neverStarted: true });
    expect(decideRestart([never], at(999))).toEqual({ action: "leave" });
    expect(decideRestart([never], at(1_000))).toEqual({ action: "start" });
  });
});
