import { describe, expect, test } from "vitest";
import { intervalKey, type PodKey, reconcile, type SeenPod } from "./reconcile";

const T0 = Date.UTC(2026, 0, 1);
const NOTHING_KNOWN: ReadonlySet<string> = new Set();

const key = (podUid: string, startedAtMs: number): PodKey => ({ accountId: 1, deploymentId: 2, podUid, startedAtMs });
const seen = (
  podUid: string,
  phase: SeenPod["phase"],
  startedAtMs: number | null,
  finishedAtMs: number | null = null,
) => ({
  accountId: 1,
  deploymentId: 2,
  podUid,
  phase,
  startedAtMs,
  finishedAtMs,
});
const look = (
  open: PodKey[],
  pods: SeenPod[],
  { at = T0, lastSeen = (T0 - 2_000) as number | null, known = NOTHING_KNOWN } = {},
) => reconcile(open, known, { observedAtMs: at, pods }, lastSeen);

describe("pods that are new (C2, E1)", () => {
  test("one that runs is on record from its own start, however long ago that was", () => {
    const started = T0 - 40 * 24 * 3_600_000;
    expect(look([], [seen("a", "running", started)])).toEqual({
      opens: [{ ...key("a", started), endedAtMs: null }],
      closes: [],
    });
  });

  test("one that was born and died between two polls is on record with both its times", () => {
    expect(look([], [seen("a", "finished", T0 - 900, T0 - 100)])).toEqual({
      opens: [{ ...key("a", T0 - 900), endedAtMs: T0 - 100 }],
      closes: [],
    });
  });

  test("one that is over, with no end reported and never seen alive, is billed no time (C5)", () => {
    expect(look([], [seen("a", "finished", T0 - 900)]).opens).toEqual([{ ...key("a", T0 - 900), endedAtMs: T0 - 900 }]);
  });

  test("one that waits to start is nothing, whatever times it bears (C4)", () => {
    expect(look([], [seen("a", "pending", null), seen("b", "pending", T0 - 900)])).toEqual({ opens: [], closes: [] });
  });

  test("one that never started and is over is nothing (C4)", () => {
    expect(look([], [seen("a", "finished", null, T0 - 100)])).toEqual({ opens: [], closes: [] });
  });

  test("a finished one that is on record already is not written again", () => {
    const known = new Set([intervalKey("a", T0 - 900)]);
    expect(look([], [seen("a", "finished", T0 - 900, T0 - 100)], { known })).toEqual({ opens: [], closes: [] });
  });

  test("a restarted container is a run of its own beside the one that crashed, even under the same uid (C4)", () => {
    const open = [key("a", T0 - 5_000)];
    const pods = [seen("a", "finished", T0 - 5_000, T0 - 3_000), seen("a", "running", T0 - 1_000)];
    expect(look(open, pods)).toEqual({
      opens: [{ ...key("a", T0 - 1_000), endedAtMs: null }],
      closes: [{ ...key("a", T0 - 5_000), endedAtMs: T0 - 3_000 }],
    });
  });
});

describe("pods on record (C5)", () => {
  const open = [key("a", T0 - 5_000)];

  test("one that still runs is left alone, after any gap: it ran throughout", () => {
    expect(look(open, [seen("a", "running", T0 - 5_000)], { lastSeen: T0 - 4_000 })).toEqual({ opens: [], closes: [] });
  });

  test("one that ended is billed to its reported end, not to the poll that noticed", () => {
    expect(look(open, [seen("a", "finished", T0 - 5_000, T0 - 1_234)]).closes).toEqual([
      { ...open[0], endedAtMs: T0 - 1_234 },
    ]);
  });

  test("one that is gone without a trace is billed to when it was last seen alive", () => {
    expect(look(open, []).closes).toEqual([{ ...open[0], endedAtMs: T0 - 2_000 }]);
  });

  test("one that is over with no end reported is billed to when it was last seen alive", () => {
    expect(look(open, [seen("a", "finished", T0 - 5_000)]).closes).toEqual([{ ...open[0], endedAtMs: T0 - 2_000 }]);
  });

  test("one whose start is later than the last complete look is billed no time, and never less than none", () => {
    expect(look(open, [], { lastSeen: T0 - 60_000 }).closes).toEqual([{ ...open[0], endedAtMs: T0 - 5_000 }]);
    expect(look(open, [], { lastSeen: null }).closes).toEqual([{ ...open[0], endedAtMs: T0 - 5_000 }]);
  });

  test("a reported end before the start counts as the start", () => {
    expect(look(open, [seen("a", "finished", T0 - 5_000, T0 - 6_000)]).closes).toEqual([
      { ...open[0], endedAtMs: T0 - 5_000 },
    ]);
  });

  test("one that started after this look began is not judged by it: another worker has seen more", () => {
    expect(look([key("a", T0 + 1)], []).closes).toEqual([]);
  });

  test("nor is one that started in the same millisecond, since it may have been missed too", () => {
    expect(look([key("a", T0)], []).closes).toEqual([]);
    expect(look([key("a", T0 - 1)], []).closes).toHaveLength(1);
  });

  test("a pod with the name of another but a start of its own does not keep it alive", () => {
    expect(look(open, [seen("a", "running", T0 - 4_999)])).toEqual({
      opens: [{ ...key("a", T0 - 4_999), endedAtMs: null }],
      closes: [{ ...open[0], endedAtMs: T0 - 2_000 }],
    });
  });
});
