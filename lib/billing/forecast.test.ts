import fc from "fast-check";
import { describe, expect, test } from "vitest";
// biome-ignore lint/style/noRestrictedImports: random inputs that the parity test shares; they hold no code of the product.
import { balanceStates, EPOCH_MS, instantsMs, ratesMicroPerHour } from "@/test/arbitraries";
import { type BalanceState, burnedMicro, liveBalanceMicro, MS_PER_HOUR, type Segment } from "./burn";
import { crossingMs, HORIZON_MS, lastsMs, runwayOf } from "./forecast";

const T0 = EPOCH_MS;
const HOUR = MS_PER_HOUR;

const running = (creditsPerHourMicro: bigint, times: Partial<Segment> = {}): Segment => ({
  rateMicroPerHour: creditsPerHourMicro,
  startedAtMs: T0,
  endedAtMs: null,
  ...times,
});
const balance = (settledMicro: bigint, ...segments: Segment[]): BalanceState => ({
  settledMicro,
  settledThroughMs: T0,
  segments,
});

describe("when a balance crosses a level (E2)", () => {
  test("at t* it is at or below the level and one millisecond earlier above it; without one it is above for a hundred years", () => {
    fc.assert(
      fc.property(
        balanceStates,
        instantsMs(),
        fc.oneof(fc.constantFrom(0n, -5_000_000n), fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n })),
        (state, nowMs, levelMicro) => {
          const at = crossingMs(state, levelMicro, nowMs);
          if (at === null) {
            expect(liveBalanceMicro(state, nowMs + HORIZON_MS) > levelMicro).toBe(true);
            return;
          }
          expect(at).toBeGreaterThanOrEqual(nowMs);
          expect(at).toBeLessThanOrEqual(nowMs + HORIZON_MS);
          expect(liveBalanceMicro(state, at) <= levelMicro).toBe(true);
          if (at > nowMs) expect(liveBalanceMicro(state, at - 1) > levelMicro).toBe(true);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test.each([
    ["one credit at one credit per hour: an hour", balance(1_000_000n, running(1_000_000n)), HOUR],
    ["two replicas: half an hour", balance(1_000_000n, running(1_000_000n), running(1_000_000n)), HOUR / 2],
    [
      "a start in an hour: an hour later",
      balance(1_000_000n, running(1_000_000n, { startedAtMs: T0 + HOUR })),
      2 * HOUR,
    ],
    [
      "a second pod for the last half of it",
      balance(1_500_000n, running(1_000_000n), running(1_000_000n, { startedAtMs: T0 + HOUR / 2 })),
      HOUR,
    ],
    [
      "one that ends on the way, and another that goes on",
      balance(2_000_000n, running(1_000_000n, { endedAtMs: T0 + HOUR }), running(1_000_000n)),
      HOUR,
    ],
    ["the last micro-credit at the lowest rate", balance(1n, running(1n)), HOUR],
    ["at a rate that does not divide, the first whole millisecond", balance(1n, running(7n)), 514_286],
    ["a hundred years, as far as anything is predicted", balance(876_000n, running(1n)), HORIZON_MS],
    ["no balance: now", balance(0n, running(1n)), 0],
    ["a debt: now, although nothing runs", balance(-1n), 0],
  ])("%s", (_, state, afterMs) => {
    expect(crossingMs(state, 0n, T0)).toBe(T0 + afterMs);
  });

  test.each([
    ["nothing runs", balance(1n)],
    ["what runs costs nothing", balance(1n, running(0n))],
    ["what runs ends one millisecond before", balance(1_000_000n, running(1_000_000n, { endedAtMs: T0 + HOUR - 1 }))],
    ["it would take an hour more than a hundred years", balance(876_001n, running(1n))],
    ["it would take 120 years", balance(1_051_200n, running(1n))],
  ])("never, where %s", (_, state) => {
    expect(crossingMs(state, 0n, T0)).toBe(null);
  });

  test("a balance that ran out long before now has crossed by now, not in the past", () => {
    expect(crossingMs(balance(1_000_000n, running(1_000_000n)), 0n, T0 + 5 * HOUR)).toBe(T0 + 5 * HOUR);
  });

  test("looked for from an earlier instant, the past crossing is found to the millisecond (E2)", () => {
    expect(crossingMs(balance(1_000_000n, running(1_000_000n)), -500_000n, T0)).toBe(T0 + HOUR + HOUR / 2);
  });
});

describe("runway (U3)", () => {
  test("it says how fast it goes, when credits are used up, and when everything is stopped", () => {
    const state = balance(10_000_000n, running(6_000_000n), running(4_000_000n));
    expect(runwayOf(state, 5_000_000n, T0)).toEqual({
      burnRateMicroPerHour: 10_000_000n,
      usedUpAtMs: T0 + HOUR,
      stopAtMs: T0 + HOUR + HOUR / 2,
    });
  });

  test("the stop never comes before the credits are used up", () => {
    fc.assert(
      fc.property(balanceStates, instantsMs(), fc.bigInt({ min: 0n, max: 10n ** 9n }), (state, nowMs, limitMicro) => {
        const { usedUpAtMs, stopAtMs } = runwayOf(state, limitMicro, nowMs);
        if (stopAtMs !== null) expect(usedUpAtMs).not.toBe(null);
        expect(stopAtMs ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(usedUpAtMs ?? 0);
      }),
    );
  });
});

describe("how long an amount lasts at a price (P4)", () => {
  test.each([
    ["75 credits on one A100", 75_000_000n, 6_000_000n, 12.5 * HOUR],
    ["a rate that does not divide, rounded down", 1n, 7n, 514_285],
    ["nothing left", 0n, 6_000_000n, 0],
    ["a debt", -1n, 6_000_000n, 0],
  ])("%s", (_, availableMicro, rate, expected) => {
    expect(lastsMs(availableMicro, rate)).toBe(expected);
  });

  test("what costs nothing lasts for ever", () => {
    expect(lastsMs(1n, 0n)).toBe(null);
    expect(lastsMs(0n, 0n)).toBe(null);
  });

  test("it never promises time that is not there, and a millisecond more would use everything", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 10n ** 9n }),
        ratesMicroPerHour.filter((rate) => rate > 0n),
        (availableMicro, rate) => {
          const ms = lastsMs(availableMicro, rate) ?? 0;
          expect(burnedMicro(rate, 0, ms) <= availableMicro).toBe(true);
          expect(burnedMicro(rate, 0, ms + 1) >= availableMicro).toBe(true);
        },
      ),
    );
  });
});
