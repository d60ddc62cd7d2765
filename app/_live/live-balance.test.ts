import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { liveBalanceMicro } from "@/lib/billing/burn";
import { countedUntilMs, type LiveBalance, remainingMicroAt } from "./live-balance";

const START_MS = Date.UTC(2026, 10, 24, 12);

function live(rates: bigint[], changes: Partial<LiveBalance> = {}): LiveBalance {
  return {
    publicId: "acc_test",
    timeZone: "UTC",
    grantedMicro: "75000000",
    runsGranted: "10000",
    runsRemaining: "10000",
    settledMicro: "75000000",
    settledThroughMs: START_MS,
    segments: rates.map((rate) => [rate.toString(), START_MS, null]),
    burnRateMicroPerHour: rates.reduce((sum, rate) => sum + rate, 0n).toString(),
    usedUpAtMs: null,
    stopAtMs: null,
    closed: false,
    stalledAtMs: null,
    ...changes,
  };
}

const rates = fc.array(fc.bigInt({ min: 1n, max: 50_000_000n }), { maxLength: 5 });

const remainingAt = (balance: LiveBalance, heardAtMs: number, nowMs: number) =>
  remainingMicroAt(balance, countedUntilMs(balance, heardAtMs, nowMs));

describe("the balance that the browser counts down", () => {
  it("is the server's to the micro-credit, also after its way through JSON (Q1, C1)", () => {
    fc.assert(
      fc.property(rates, fc.integer({ min: 0, max: 30_000 }), (given, passedMs) => {
        const balance = JSON.parse(JSON.stringify(live(given))) as LiveBalance;
        const onServer = liveBalanceMicro(
          {
            settledMicro: 75_000_000n,
            settledThroughMs: START_MS,
            segments: given.map((rateMicroPerHour) => ({ rateMicroPerHour, startedAtMs: START_MS, endedAtMs: null })),
          },
          START_MS + passedMs,
        );
        expect(remainingAt(balance, START_MS, START_MS + passedMs)).toBe(onServer);
      }),
    );
  });

  it("stands still while the platform is away (C5)", () => {
    const balance = live([3_600_000n], { stalledAtMs: START_MS + 1_000 });
    expect(remainingAt(balance, START_MS + 60_000, START_MS + 90_000)).toBe(75_000_000n - 1_000n);
  });

  it("goes no further than 30 s past the last word from the server (C5)", () => {
    const balance = live([3_600_000n]);
    expect(remainingAt(balance, START_MS, START_MS + 30_000)).toBe(75_000_000n - 30_000n);
    expect(remainingAt(balance, START_MS, START_MS + 600_000)).toBe(75_000_000n - 30_000n);
  });
});
