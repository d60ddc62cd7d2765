import type { ObservedPod } from "@/lib/platform/platform";

/** A price in force from an instant; of one profile, oldest first. */
export type PriceStep = { fromMs: number; rateMicroPerHour: bigint };

const MS_PER_HOUR = 3_600_000n;

/**
 * What a pod's true running time until `untilMs` costs, computed anew from the rules alone (C2, C3): floor(rate × ms) for each price
 * that was in force while it ran. Neither the engine nor lib/billing has a part in it.
 */
export function billOf(pod: ObservedPod, prices: readonly PriceStep[], untilMs: number): bigint {
  if (!pod.startedAt) return 0n;
  const startMs = pod.startedAt.getTime();
  const endMs = Math.min(pod.finishedAt?.getTime() ?? untilMs, untilMs);
  let total = 0n;
  for (const [index, { fromMs, rateMicroPerHour }] of prices.entries()) {
    const from = Math.max(startMs, fromMs);
    const to = Math.min(endMs, prices[index + 1]?.fromMs ?? endMs);
    if (to > from) total += (rateMicroPerHour * BigInt(to - from)) / MS_PER_HOUR;
  }
  return total;
}
