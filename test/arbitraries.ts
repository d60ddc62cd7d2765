import fc from "fast-check";
import { type BalanceState, MS_PER_HOUR, type Segment } from "@/lib/billing/burn";
import { DEFAULT_PRICE_BOOK } from "@/lib/billing/price-book";

/** Random inputs that are shared by tests. They lean towards edges: equal instants, tiny rates, the largest that the schema allows. */

export const EPOCH_MS = Date.UTC(2026, 0, 1);
const DAY_MS = 24 * MS_PER_HOUR;

/** The largest rate that a segment may have in the database. */
export const MAX_RATE_MICRO_PER_HOUR = 1_000_000_000_000n;

/** A span of time from nothing to `maxDays`, in whole milliseconds; often short, often a whole number of hours. */
const spansMs = (maxDays: number) =>
  fc.oneof(
    fc.integer({ min: 0, max: 2 }),
    fc.integer({ min: 0, max: 10_000 }),
    fc.integer({ min: 0, max: 24 * maxDays }).map((hours) => hours * MS_PER_HOUR),
    fc.integer({ min: 0, max: maxDays * DAY_MS }),
  );

/** An instant of some days from EPOCH_MS on. */
export const instantsMs = (maxDays = 100) => spansMs(maxDays).map((ms) => EPOCH_MS + ms);

/** Micro-credits per hour: of the price book, tiny, huge, anything between. */
export const ratesMicroPerHour = fc.oneof(
  fc.constantFrom(...DEFAULT_PRICE_BOOK.map((profile) => profile.creditsPerHourMicro)),
  fc.bigInt({ min: 1n, max: 100n }),
  fc.bigInt({ min: 0n, max: MAX_RATE_MICRO_PER_HOUR }),
  fc.constant(MAX_RATE_MICRO_PER_HOUR),
);

/** Intervals that run, that have ended, that never ran for any time. */
export const segments: fc.Arbitrary<Segment> = fc
  .tuple(ratesMicroPerHour, instantsMs(), fc.option(spansMs(100)))
  .map(([rateMicroPerHour, startedAtMs, ranMs]) => ({
    rateMicroPerHour,
    startedAtMs,
    endedAtMs: ranMs === null ? null : startedAtMs + ranMs,
  }));

/** Balances with any number of segments that started before or start after what is settled. */
export const balanceStates: fc.Arbitrary<BalanceState> = fc.record({
  settledMicro: fc.oneof(
    fc.bigInt({ min: -10n, max: 100n }),
    fc.bigInt({ min: -10_000_000n, max: 300_000_000n }),
    fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }),
  ),
  settledThroughMs: instantsMs(),
  segments: fc.array(segments, { maxLength: 20 }),
});

/** Instants in rising order, none twice. */
export const risingInstantsMs = (count: { min: number; max: number }) =>
  fc
    .uniqueArray(instantsMs(), { minLength: count.min, maxLength: count.max })
    .map((instants) => instants.sort((a, b) => a - b));

/** One run of one replica as it truly was, and what the platform will say of its end: when it was, only that it is over, or nothing at all. */
export type TruePod = {
  accountId: number;
  deploymentId: number;
  replicaIndex: number;
  podUid: string;
  createdAtMs: number;
  startedAtMs: number;
  endedAtMs: number | null;
  end: "reported" | "unrecorded" | "vanished";
};

const shortSpansMs = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 4_000 }));

const runOfReplica = fc.record({
  idleMs: shortSpansMs,
  waitMs: shortSpansMs,
  ranMs: shortSpansMs,
  end: fc.constantFrom("reported" as const, "reported" as const, "unrecorded" as const, "vanished" as const),
});

/** What happened to some replicas within the first minute: waits, runs, ends and restarts, with a uid per run or the same for all. */
export const podHistories: fc.Arbitrary<TruePod[]> = fc
  .array(
    fc.record({
      accountId: fc.integer({ min: 1, max: 2 }),
      deploymentId: fc.integer({ min: 1, max: 2 }),
      runs: fc.array(runOfReplica, { minLength: 1, maxLength: 5 }),
      keepsUid: fc.boolean(),
      lastRunsOn: fc.boolean(),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((replicas) =>
    replicas.flatMap(({ accountId, deploymentId, runs, keepsUid, lastRunsOn }, replicaIndex) => {
      let atMs = EPOCH_MS;
      return runs.map(({ idleMs, waitMs, ranMs, end }, run): TruePod => {
        const createdAtMs = atMs + idleMs;
        const startedAtMs = createdAtMs + waitMs;
        const runsOn = lastRunsOn && run === runs.length - 1;
        // A restart takes a millisecond at least: two runs with one uid and one start would be one.
        atMs = startedAtMs + ranMs + 1;
        const podUid = keepsUid ? `pod-${replicaIndex}` : `pod-${replicaIndex}-${run}`;
        const endedAtMs = runsOn ? null : startedAtMs + ranMs;
        return { accountId, deploymentId, replicaIndex, podUid, createdAtMs, startedAtMs, endedAtMs, end };
      });
    }),
  );
