import { liveBalanceMicro, OBSERVATION_TOLERANCE_MS } from "@/lib/billing/burn";

/** A balance on its way to the browser: as `AccountBalance`, with bigints as text, since JSON has none. */
export type LiveBalance = {
  publicId: string;
  timeZone: string;
  grantedMicro: string;
  runsGranted: string;
  runsRemaining: string;
  settledMicro: string;
  settledThroughMs: number;
  segments: [rateMicroPerHour: string, startedAtMs: number, endedAtMs: number | null][];
  burnRateMicroPerHour: string;
  /** Null: not at this rate, or passed already. */
  usedUpAtMs: number | null;
  stopAtMs: number | null;
  closed: boolean;
  /** Where the count stands still, because the platform does not answer; null while it goes on. (C5) */
  stalledAtMs: number | null;
};

/** What the server says every few seconds. */
export type Heard = {
  /** Another one than before: something on the page may be out of date. Running time alone does not change it. */
  signature: string;
  serverNowMs: number;
  /** Null where the person may not see billing (R1). */
  balance: LiveBalance | null;
};

/**
 * Up to when the browser may count: not while the platform is away, and no further past the last word from the server than an
 * observation is good for. (C5)
 */
export function countedUntilMs(balance: LiveBalance, heardAtMs: number, nowMs: number): number {
  return balance.stalledAtMs ?? Math.min(nowMs, heardAtMs + OBSERVATION_TOLERANCE_MS);
}

/** What remains at an instant, by the function that page, gate and tick use. (Q1) */
export function remainingMicroAt(balance: LiveBalance, atMs: number): bigint {
  const state = {
    settledMicro: BigInt(balance.settledMicro),
    settledThroughMs: balance.settledThroughMs,
    segments: balance.segments.map(([rate, startedAtMs, endedAtMs]) => ({
      rateMicroPerHour: BigInt(rate),
      startedAtMs,
      endedAtMs,
    })),
  };
  return liveBalanceMicro(state, atMs);
}
