import fc from "fast-check";
import { HOUR, MINUTE } from "./engine";

/**
 * Random histories of many accounts that share a clock: two days in which summer time begins, cycles end on the 29th and the 30th, grants
 * expire, prices change, pods come, go and are reported late. What happened and when anybody looked are apart.
 */
export const BEGIN_MS = Date.parse("2026-03-28T00:00:00Z");
export const END_MS = 50 * HOUR;
/** At these all is observed and settled, however seldom anybody looks; corrections are made there. */
export const SYNC_MS = [13.5 * HOUR, 29 * HOUR, END_MS];
export const PROFILES = ["script-4x8", "model-t4x1"] as const;

const when = fc.oneof(
  fc.nat(END_MS - 1),
  fc.integer({ min: 1, max: 49 }).map((hour) => hour * HOUR),
  fc.integer({ min: 1, max: 49 }).map((hour) => hour * HOUR - 1),
);
/** How much later than it happened something is reported: mostly at once. */
const late = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 20 * HOUR }) },
);

const pod = fc.record({
  deployment: fc.nat(PROFILES.length - 1),
  startMs: when,
  ranMs: fc.option(fc.nat(30 * HOUR), { freq: 4 }),
  startSeenLaterMs: late,
  endSeenLaterMs: late,
});
const event = fc.record({
  atMs: when,
  recordedLaterMs: late,
  creditsMicro: fc.oneof(fc.constant(0n), fc.bigInt({ min: 1n, max: 900_000n })),
  runs: fc.nat(4),
  twice: fc.boolean(),
});
const topUp = fc.record({
  atMs: when,
  creditsMicro: fc.bigInt({ min: 1n, max: 6_000_000n }),
  runs: fc.nat(50),
  lastsMs: fc.option(fc.integer({ min: 1, max: 40 * HOUR }), { freq: 5 }),
  kind: fc.constantFrom("top_up" as const, "adjustment" as const),
});
const correction = fc.record({
  sync: fc.nat(SYNC_MS.length - 1),
  pick: fc.nat(1_000),
  quarters: fc.bigInt({ min: 1n, max: 4n }),
  wholePod: fc.boolean(),
});

const history = fc.record({
  planId: fc.constantFrom("free", "team"),
  timeZone: fc.constantFrom("UTC", "Europe/Berlin", "Asia/Kolkata", "America/St_Johns"),
  anchorDay: fc.constantFrom(1, 28, 29, 30, 31),
  freeMicro: fc.bigInt({ min: 1n, max: 5_000_000n }),
  freeLastsMs: fc.option(fc.integer({ min: 1, max: END_MS })),
  pods: fc.array(pod, { maxLength: 5 }),
  events: fc.array(event, { maxLength: 6 }),
  topUps: fc.array(topUp, { maxLength: 3 }),
  corrections: fc.array(correction, { maxLength: 3 }),
});
export type History = typeof history extends fc.Arbitrary<infer T> ? T : never;

const priceChange = fc.record({
  atMs: when,
  inForceAfterMs: fc.oneof(fc.constant(0), fc.nat(6 * HOUR)),
  profile: fc.nat(PROFILES.length - 1),
  rateMicroPerHour: fc.bigInt({ min: 0n, max: 3_000_000n }),
});
/** Away from the instants at which all is to be known. */
const outage = fc
  .record({ fromMs: when, lastsMs: fc.integer({ min: MINUTE, max: 5 * HOUR }) })
  .filter(({ fromMs, lastsMs }) => SYNC_MS.every((ms) => fromMs > ms || fromMs + lastsMs < ms));

/** What happened to some accounts, and at which instants a busy worker looked. */
export const worlds = (accounts: number) =>
  fc.record({
    histories: fc.array(history, { minLength: accounts, maxLength: accounts }),
    prices: fc.array(priceChange, { maxLength: 4 }),
    outages: fc.array(outage, { maxLength: 3 }),
    looksMs: fc.array(when, { minLength: 30, maxLength: 40 }),
  });
export type World = ReturnType<typeof worlds> extends fc.Arbitrary<infer T> ? T : never;
