import fc from "fast-check";
import { describe, expect, test } from "vitest";
// biome-ignore lint/style/noRestrictedImports: random histories that are plain data; they hold no code of the product.
import { EPOCH_MS, podHistories, type TruePod } from "@/test/arbitraries";
import { type Interval, intervalKey, type Observation, type PodKey, reconcile, type SeenPod } from "./reconcile";

/** Looking at all pods takes up to this long: each is seen as it is a little after the observation began. */
const LOOK_MS = 50;
const AT_LAST_MS = EPOCH_MS + 3_600_000;

type Look = { afterMs: number; delaysMs: number[] };
const looks = fc.array(
  fc.record({
    afterMs: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3_000 })),
    delaysMs: fc.array(fc.integer({ min: 0, max: LOOK_MS }), { minLength: 1, maxLength: 8 }),
  }),
  { maxLength: 20 },
);

function seenAt(pod: TruePod, atMs: number): SeenPod[] {
  const { accountId, deploymentId, podUid } = pod;
  if (atMs < pod.createdAtMs) return [];
  const show = (phase: SeenPod["phase"], finishedAtMs: number | null): SeenPod[] => [
    { accountId, deploymentId, podUid, phase, startedAtMs: phase === "pending" ? null : pod.startedAtMs, finishedAtMs },
  ];
  if (atMs < pod.startedAtMs) return show("pending", null);
  if (pod.endedAtMs === null || atMs < pod.endedAtMs) return show("running", null);
  if (pod.end === "vanished") return [];
  return show("finished", pod.end === "reported" ? pod.endedAtMs : null);
}

function observe(pods: TruePod[], observedAtMs: number, { delaysMs }: Look): Observation {
  const lookedAt = (index: number) => observedAtMs + (delaysMs[index % delaysMs.length] ?? 0);
  return { observedAtMs, pods: pods.flatMap((pod, index) => seenAt(pod, lookedAt(index))) };
}

/** What the database does with a reconciliation: every row is idempotent, an end can only move to an earlier one. */
class Records {
  readonly intervals = new Map<string, Interval>();
  lastSeenMs: number | null = null;

  open(): PodKey[] {
    return [...this.intervals.values()]
      .filter(({ endedAtMs }) => endedAtMs === null)
      .map(({ accountId, deploymentId, podUid, startedAtMs }) => ({ accountId, deploymentId, podUid, startedAtMs }));
  }

  apply({ opens, closes }: ReturnType<typeof reconcile>, observedAtMs: number): void {
    for (const close of closes) {
      const key = intervalKey(close.podUid, close.startedAtMs);
      const before = this.intervals.get(key);
      if (before && (before.endedAtMs === null || before.endedAtMs > close.endedAtMs)) this.intervals.set(key, close);
    }
    for (const open of opens) {
      const key = intervalKey(open.podUid, open.startedAtMs);
      if (!this.intervals.has(key)) this.intervals.set(key, open);
    }
    this.lastSeenMs = Math.max(this.lastSeenMs ?? 0, observedAtMs);
  }

  endOf(pod: TruePod): number | null | undefined {
    return this.intervals.get(intervalKey(pod.podUid, pod.startedAtMs))?.endedAtMs;
  }
}

const finishedKeys = (observation: Observation) =>
  new Set(
    observation.pods.flatMap((pod) =>
      pod.phase === "finished" && pod.startedAtMs !== null ? [intervalKey(pod.podUid, pod.startedAtMs)] : [],
    ),
  );
const sorted = (intervals: Interval[]) =>
  [...intervals].sort((a, b) => a.startedAtMs - b.startedAtMs || (a.podUid < b.podUid ? -1 : 1));

/** One worker: each look begins after the one before has ended, the last one when all is over. */
function observationsOf(pods: TruePod[], plan: Look[]): Observation[] {
  let atMs = EPOCH_MS;
  const rising = plan.map((look) => {
    atMs += look.afterMs;
    const observation = observe(pods, atMs, look);
    atMs += LOOK_MS;
    return observation;
  });
  return [...rising, observe(pods, AT_LAST_MS, { afterMs: 0, delaysMs: [0] })];
}

describe("intervals on record are the true ones, whenever anybody looks (C2, C4, C5, E1)", () => {
  test("every reported end is exact, what runs is open, and an unreported end is when the pod was last seen alive", () => {
    fc.assert(
      fc.property(podHistories, looks, (pods, plan) => {
        const records = new Records();
        const observations = observationsOf(pods, plan);
        for (const observation of observations) {
          const result = reconcile(records.open(), new Set(), observation, records.lastSeenMs);
          records.apply(result, observation.observedAtMs);
        }
        for (const pod of pods) {
          const seen = observations.filter((observation) =>
            observation.pods.some(
              ({ podUid, startedAtMs, phase }) =>
                podUid === pod.podUid && startedAtMs === pod.startedAtMs && phase === "running",
            ),
          );
          const lastAlive = seen.at(-1)?.observedAtMs;
          if (pod.endedAtMs === null || pod.end === "reported") expect(records.endOf(pod)).toBe(pod.endedAtMs);
          else if (lastAlive !== undefined) expect(records.endOf(pod)).toBe(Math.max(pod.startedAtMs, lastAlive));
          else expect(records.endOf(pod)).toBe(pod.end === "unrecorded" ? pod.startedAtMs : undefined);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("the same observation again changes nothing, and knowing what is finished only saves writing it (E8)", () => {
    fc.assert(
      fc.property(podHistories, looks, (pods, plan) => {
        const records = new Records();
        for (const observation of observationsOf(pods, plan)) {
          records.apply(
            reconcile(records.open(), new Set(), observation, records.lastSeenMs),
            observation.observedAtMs,
          );
          const before = new Map(records.intervals);
          const knowing = reconcile(records.open(), finishedKeys(observation), observation, records.lastSeenMs);
          expect(knowing).toEqual({ opens: [], closes: [] });
          records.apply(
            reconcile(records.open(), new Set(), observation, records.lastSeenMs),
            observation.observedAtMs,
          );
          expect(records.intervals).toEqual(before);
        }
      }),
    );
  });

  test("the order in which pods are listed does not matter", () => {
    fc.assert(
      fc.property(podHistories, looks, fc.infiniteStream(fc.nat()), (pods, plan, dice) => {
        const shuffled = <T>(items: readonly T[]) =>
          items
            .map((item) => ({ item, rank: dice.next().value ?? 0 }))
            .sort((a, b) => a.rank - b.rank)
            .map(({ item }) => item);
        const records = new Records();
        for (const observation of observationsOf(pods, plan)) {
          const result = reconcile(records.open(), new Set(), observation, records.lastSeenMs);
          const other = reconcile(
            shuffled(records.open()),
            new Set(),
            { ...observation, pods: shuffled(observation.pods) },
            records.lastSeenMs,
          );
          expect(sorted(other.opens)).toEqual(sorted(result.opens));
          expect(sorted(other.closes)).toEqual(sorted(result.closes));
          records.apply(result, observation.observedAtMs);
        }
      }),
    );
  });
});

describe("two workers (E8)", () => {
  const plans = fc.array(
    fc.record({
      worker: fc.constantFrom(0 as const, 1 as const),
      look: looks.map(([look]) => look ?? { afterMs: 0, delaysMs: [0] }),
      observedAtMs: fc.integer({ min: 0, max: 20_000 }).map((ms) => EPOCH_MS + ms),
      readsAfterMs: fc.integer({ min: -500, max: 8_000 }),
      appliesAfterMs: fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 8_000 })),
      restarted: fc.boolean(),
    }),
    { maxLength: 25 },
  );

  test("observations that overlap, on records read before or after them, applied out of order, end in the true intervals", () => {
    fc.assert(
      fc.property(podHistories, plans, (pods, plan) => {
        const records = new Records();
        const known: [ReadonlySet<string>, ReadonlySet<string>] = [new Set(), new Set()];
        const steps = plan.flatMap(({ worker, look, observedAtMs, readsAfterMs, appliesAfterMs, restarted }) => {
          let open: PodKey[] = [];
          let lastSeenMs: number | null = null;
          const read = () => {
            open = records.open();
            lastSeenMs = records.lastSeenMs;
          };
          const apply = () => {
            const observation = observe(pods, observedAtMs, look);
            if (restarted) known[worker] = new Set();
            records.apply(reconcile(open, known[worker], observation, lastSeenMs), observedAtMs);
            known[worker] = finishedKeys(observation);
          };
          const applyAtMs = observedAtMs + LOOK_MS + appliesAfterMs;
          return [
            { atMs: Math.min(observedAtMs + readsAfterMs, applyAtMs), act: read },
            { atMs: applyAtMs, act: apply },
          ];
        });
        for (const { act } of steps.sort((a, b) => a.atMs - b.atMs)) act();
        const last = observe(pods, AT_LAST_MS, { afterMs: 0, delaysMs: [0] });
        records.apply(reconcile(records.open(), known[0], last, records.lastSeenMs), AT_LAST_MS);

        for (const pod of pods) {
          if (pod.endedAtMs === null || pod.end === "reported") expect(records.endOf(pod)).toBe(pod.endedAtMs);
          else expect(records.endOf(pod)).not.toBe(null);
        }
      }),
      { numRuns: 500 },
    );
  });
});
