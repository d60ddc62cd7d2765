/**
 * Money (SPEC C1). A credit is held as an integer number of micro-credits (10^-6) from column to page; no float ever
 * holds an amount.
 */
export const MICRO_PER_CREDIT = 1_000_000n;

/** The largest amount of one grant, and of all grants of an account: a thousand million credits. Keeps every product in SQL inside a bigint. */
export const MAX_CREDITS_MICRO = 1_000_000_000n * MICRO_PER_CREDIT;

/** The largest number of workflow runs of one grant. */
export const MAX_RUNS = 1_000_000_000n;

/** Digits, or digits in groups of three. A comma anywhere else is refused: it may mean a decimal point, and a guess would be a factor of ten off. */
const WHOLE = String.raw`(\d{1,10}|\d{1,3}(?:,\d{3}){1,3})`;
const CREDITS = new RegExp(String.raw`^(-?)${WHOLE}(?:\.(\d{1,6}))?$`);
const RUNS = new RegExp(`^${WHOLE}$`);

/**
 * Reads credits as a person writes them ("25", "0.5", "1,250.5", "-3.25"): at most six decimals, at most MAX_CREDITS_MICRO either
 * way. Returns micro-credits, or null for anything else; never rounds. (C1)
 */
export function parseCredits(text: string): bigint | null {
  const match = CREDITS.exec(text.trim());
  if (!match) return null;
  const [, sign, whole = "0", fraction = ""] = match;
  const creditsMicro = BigInt(whole.replaceAll(",", "")) * MICRO_PER_CREDIT + BigInt(fraction.padEnd(6, "0"));
  if (creditsMicro > MAX_CREDITS_MICRO) return null;
  return sign === "-" ? -creditsMicro : creditsMicro;
}

/** Reads a number of runs ("25", "10,000"), at most MAX_RUNS; null for anything else. */
export function parseRuns(text: string): bigint | null {
  const match = RUNS.exec(text.trim());
  const runs = match ? BigInt(match[1]?.replaceAll(",", "") ?? "0") : null;
  return runs !== null && runs <= MAX_RUNS ? runs : null;
}

/**
 * `part / whole` in hundredths of a percent (basis points), half away from zero, from exact integers (U3): 212.16 of 300
 * credits is 7072. A whole of zero or less gives null: there is no percentage of nothing.
 */
export function basisPoints(part: bigint, whole: bigint): bigint | null {
  if (whole <= 0n) return null;
  const doubled = part * 20_000n;
  const sign = doubled < 0n ? -1n : 1n;
  return (sign * (sign * doubled + whole)) / (2n * whole);
}
