import { type BalanceState, burnRateMicroPerHour, liveBalanceMicro, MS_PER_HOUR } from "./burn";

/** Further than this nothing is predicted: a hundred years. */
export const HORIZON_MS = 100 * 365 * 24 * MS_PER_HOUR;

/**
 * The first millisecond, not before `nowMs`, at which the balance is at or below `levelMicro` if everything runs on as
 * it does: exact, so one millisecond earlier it is above. Null when it does not get there within the horizon. (E2, U3)
 */
export function crossingMs(state: BalanceState, levelMicro: bigint, nowMs: number): number | null {
  const crossed = (atMs: number) => liveBalanceMicro(state, atMs) <= levelMicro;
  if (crossed(nowMs)) return nowMs;
  let above = nowMs;
  let below = nowMs + HORIZON_MS;
  if (!crossed(below)) return null;
  while (below - above > 1) {
    const middle = above + Math.floor((below - above) / 2);
    if (crossed(middle)) below = middle;
    else above = middle;
  }
  return below;
}

/** Runway (U3): how fast it goes, when credits are used up, and when everything is stopped. */
export type Runway = {
  burnRateMicroPerHour: bigint;
  usedUpAtMs: number | null;
  stopAtMs: number | null;
};

/** The runway at `nowMs`; the negative limit is a positive amount, so the stop comes at a balance of minus it. (U3, E2) */
export function runwayOf(state: BalanceState, negativeLimitMicro: bigint, nowMs: number): Runway {
  return {
    burnRateMicroPerHour: burnRateMicroPerHour(state.segments, nowMs),
    usedUpAtMs: crossingMs(state, 0n, nowMs),
    stopAtMs: crossingMs(state, -negativeLimitMicro, nowMs),
  };
}

/**
 * How many whole milliseconds `availableMicro` lasts at a rate; null at a rate of zero, 0 when nothing is left. Rounded
 * down, so a page never promises time that is not there. (P4)
 */
export function lastsMs(availableMicro: bigint, rateMicroPerHour: bigint): number | null {
  if (rateMicroPerHour <= 0n) return null;
  if (availableMicro <= 0n) return 0;
  return Number((availableMicro * BigInt(MS_PER_HOUR)) / rateMicroPerHour);
}
