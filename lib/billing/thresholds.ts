/**
 * Exhaustion and its thresholds (SPEC N1, N4, N5). All comparisons are exact, on integers: used × 100 ≥ percent × granted.
 * Rules about used (banners, mails) and rules about remaining (the icon's colour) are different rules.
 */

/** Levels in rising order. 100: used up. 127: the negative limit is reached. */
export const LEVELS = [0, 50, 70, 80, 90, 100, 127] as const;
export type Level = (typeof LEVELS)[number];
export const LEVEL_USED_UP = 100;
export const LEVEL_LIMIT = 127;

/** True when used is at least `percent` % of granted. Nothing granted counts as all used. (N1) */
export function exhaustedTo(percent: number, usedAmount: bigint, grantedAmount: bigint): boolean {
  return usedAmount * 100n >= BigInt(percent) * grantedAmount;
}

/**
 * The level of a balance of credits. `negativeLimitMicro` is positive: the limit lies that far below zero. At the very
 * edge the level counts as reached. (N4, A6)
 */
export function creditsLevel(remainingMicro: bigint, grantedMicro: bigint, negativeLimitMicro: bigint): Level {
  if (remainingMicro <= -negativeLimitMicro) return LEVEL_LIMIT;
  return runsLevel(remainingMicro, grantedMicro);
}

/** The level of a number of runs, which cannot go below zero. (N4) */
export function runsLevel(remaining: bigint, granted: bigint): Level {
  if (remaining <= 0n) return LEVEL_USED_UP;
  const used = granted - remaining;
  for (const percent of [90, 80, 70, 50] as const) if (exhaustedTo(percent, used, granted)) return percent;
  return 0;
}

/** The levels newly reached in going from one level to a higher one; several at once are all recorded, the last is announced. (N5) */
export function levelsCrossed(before: Level, after: Level): Level[] {
  return LEVELS.filter((level) => level > before && level <= after);
}

export const BANNER_THRESHOLDS = [20, 50, 70, 80, 90] as const;
export type BannerThreshold = (typeof BANNER_THRESHOLDS)[number] | typeof LEVEL_USED_UP;

/** The highest banner threshold that is crossed, or null below 20 %. (N1, N2) */
export function bannerThreshold(remaining: bigint, granted: bigint): BannerThreshold | null {
  if (remaining <= 0n) return LEVEL_USED_UP;
  return BANNER_THRESHOLDS.findLast((percent) => exhaustedTo(percent, granted - remaining, granted)) ?? null;
}

/** The quick check's state: green above 75 % remaining, amber from 75 to 25 % (both included), red below, empty with none. (Q2) */
export type RemainingState = "plenty" | "some" | "little" | "none";
export function remainingState(remaining: bigint, granted: bigint): RemainingState {
  if (remaining <= 0n) return "none";
  if (remaining * 4n > granted * 3n) return "plenty";
  if (remaining * 4n >= granted) return "some";
  return "little";
}
