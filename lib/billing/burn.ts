/**
 * Accrual (SPEC C2): what running time costs. All instants are milliseconds since the epoch; all rates are
 * micro-credits per hour of one pod.
 */
export const MS_PER_HOUR = 3_600_000;

/**
 * One running interval of one pod at one price. `endedAtMs` is null while it runs. Half-open: [startedAtMs, endedAtMs).
 */
export type Segment = {
  rateMicroPerHour: bigint;
  startedAtMs: number;
  endedAtMs: number | null;
};

/** floor(rate × elapsed): micro-credits burned from `fromMs` to `toMs`; nothing when `toMs` is not later. (C2) */
export function burnedMicro(rateMicroPerHour: bigint, fromMs: number, toMs: number): bigint {
  if (toMs <= fromMs) return 0n;
  return (rateMicroPerHour * BigInt(toMs - fromMs)) / BigInt(MS_PER_HOUR);
}

/**
 * What a segment owes for [fromMs, toMs): its total up to `toMs` less its total up to `fromMs`. Both are floored over the
 * whole interval from its start, so any cutting of time into pieces gives the same sum. (C2)
 */
export function owedMicro(segment: Segment, fromMs: number, toMs: number): bigint {
  const endMs = segment.endedAtMs ?? Number.POSITIVE_INFINITY;
  const upTo = (ms: number) => burnedMicro(segment.rateMicroPerHour, segment.startedAtMs, Math.min(ms, endMs));
  return toMs <= fromMs ? 0n : upTo(toMs) - upTo(fromMs);
}

/** Milliseconds that a segment ran within [fromMs, toMs). */
export function runningMs(segment: Segment, fromMs: number, toMs: number): number {
  const endMs = segment.endedAtMs ?? Number.POSITIVE_INFINITY;
  return Math.max(0, Math.min(toMs, endMs) - Math.max(fromMs, segment.startedAtMs));
}

/** A balance as a function of time: what is settled, and the segments that have burned since. (C6) */
export type BalanceState = {
  settledMicro: bigint;
  settledThroughMs: number;
  segments: readonly Segment[];
};

/** The balance at an instant: settled balance less what the segments owe since. The one read behind every page. (C6) */
export function liveBalanceMicro(state: BalanceState, atMs: number): bigint {
  let live = state.settledMicro;
  for (const segment of state.segments) live -= owedMicro(segment, state.settledThroughMs, atMs);
  return live;
}

/** What all segments that run at an instant burn together, in micro-credits per hour. */
export function burnRateMicroPerHour(segments: readonly Segment[], atMs: number): bigint {
  let rate = 0n;
  for (const segment of segments) {
    if (segment.startedAtMs <= atMs && (segment.endedAtMs === null || segment.endedAtMs > atMs))
      rate += segment.rateMicroPerHour;
  }
  return rate;
}

/**
 * How long a balance may be projected past the platform's last complete observation. Within it a running pod is
 * presumed to run on; past it the count stands still until the platform answers, since nothing is guessed. (C5)
 */
export const OBSERVATION_TOLERANCE_MS = 30_000;

/** The instant up to which time may be billed or shown, given the last complete observation (null: no platform yet). (C5) */
export function meteredUntilMs(nowMs: number, observedAtMs: number | null): number {
  return observedAtMs === null ? nowMs : Math.min(nowMs, observedAtMs + OBSERVATION_TOLERANCE_MS);
}
