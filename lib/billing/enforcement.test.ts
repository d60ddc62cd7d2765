import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { backoffMs, nextStopAction, type Observed, STOP_STATES, type StopOrder } from "./enforcement";

const NOW = Date.UTC(2026, 0, 1);
const order = (over: Partial<StopOrder> = {}): StopOrder => ({
  state: "requested",
  attempts: 0,
  nextAttemptAtMs: NOW,
  ...over,
});
const orders: fc.Arbitrary<StopOrder> = fc.record({
  state: fc.constantFrom(...STOP_STATES),
  attempts: fc.nat({ max: 10_000 }),
  nextAttemptAtMs: fc.integer({ min: NOW - 100_000, max: NOW + 100_000 }),
});
const observed: fc.Arbitrary<Observed> = fc.constantFrom("alive", "gone", "unknown");

describe("a stop order (E3)", () => {
  test("ends only on proof that the pods are gone, whatever else is true (E3, E8)", () => {
    fc.assert(
      fc.property(orders, observed, (any, shown) => {
        if (nextStopAction(any, shown, NOW).action === "confirm") expect(shown).toBe("gone");
      }),
    );
  });

  test("a platform that cannot be seen is treated as one where the pods live: unknown never counts as gone (E8)", () => {
    fc.assert(
      fc.property(orders, (any) => {
        expect(nextStopAction(any, "unknown", NOW)).toEqual(nextStopAction(any, "alive", NOW));
      }),
    );
  });

  test.each(["requested", "stopping", "failed"] as const)(
    "one that is %s is confirmed by proof at once, due or not",
    (state) => {
      expect(nextStopAction(order({ state, nextAttemptAtMs: NOW + 1 }), "gone", NOW)).toEqual({ action: "confirm" });
      expect(nextStopAction(order({ state }), "gone", NOW)).toEqual({ action: "confirm" });
    },
  );

  test.each(["stopped", "cancelled"] as const)("one that is %s stays so, whatever the platform shows (E6)", (state) => {
    fc.assert(
      fc.property(orders, observed, (any, shown) => {
        expect(nextStopAction({ ...any, state }, shown, NOW)).toEqual({ action: "none" });
      }),
    );
  });

  test.each(["requested", "stopping", "failed"] as const)(
    "one that is %s is asked again when due, and waits one millisecond before",
    (state) => {
      expect(nextStopAction(order({ state, nextAttemptAtMs: NOW + 1 }), "alive", NOW)).toEqual({
        action: "wait",
        untilMs: NOW + 1,
      });
      expect(nextStopAction(order({ state }), "alive", NOW)).toEqual({ action: "ask", nextAttemptAtMs: NOW + 500 });
    },
  );

  test("a pod that never goes is asked for ever, and at least every 30 seconds", () => {
    let current = order({ state: "stopping" });
    let nowMs = NOW;
    for (let attempt = 0; attempt < 200; attempt++) {
      const next = nextStopAction(current, "alive", nowMs);
      if (next.action !== "ask") throw new Error(`attempt ${attempt} was ${next.action}`);
      expect(next.nextAttemptAtMs - nowMs).toBeLessThanOrEqual(30_000);
      current = { ...current, attempts: current.attempts + 1, nextAttemptAtMs: next.nextAttemptAtMs };
      nowMs = next.nextAttemptAtMs;
    }
  });
});

describe("backoff (E3)", () => {
  test("half a second, doubled each time, then 30 seconds", () => {
    expect([0, 1, 2, 3, 4, 5, 6, 7].map(backoffMs)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  });

  test("bounded and never shorter than before, after any number of attempts", () => {
    fc.assert(
      fc.property(fc.nat(), (attempts) => {
        expect(backoffMs(attempts)).toBeGreaterThanOrEqual(500);
        expect(backoffMs(attempts)).toBeLessThanOrEqual(30_000);
        expect(backoffMs(attempts + 1)).toBeGreaterThanOrEqual(backoffMs(attempts));
      }),
    );
  });
});
