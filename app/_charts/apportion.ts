/**
 * `whole` shared out in proportion to `parts`, in whole units that add up to it exactly: each part rounded down, and what is left over
 * to those that lost most by it. So the figures beside a chart add up to its total, after rounding too. (U11)
 */
export function apportion(parts: readonly bigint[], whole: bigint): bigint[] {
  const total = parts.reduce((sum, part) => sum + part, 0n);
  if (total <= 0n) return parts.map(() => 0n);
  const shares = parts.map((part) => (part * whole) / total);
  const lost = parts.map((part, index) => ({ index, remainder: (part * whole) % total }));
  lost.sort((a, b) => (a.remainder < b.remainder ? 1 : a.remainder > b.remainder ? -1 : a.index - b.index));
  let left = whole - shares.reduce((sum, share) => sum + share, 0n);
  for (const { index } of lost) {
    if (left-- <= 0n) break;
    shares[index] = (shares[index] ?? 0n) + 1n;
  }
  return shares;
}
