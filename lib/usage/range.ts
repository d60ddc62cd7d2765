import { Temporal } from "temporal-polyfill";

export const RANGE_PRESETS = ["24h", "7d", "30d", "90d"] as const;
export type RangePreset = (typeof RANGE_PRESETS)[number];

/** A range of a usage page, half-open, cut into hours (24 h) or whole days of the account's time zone (U2). */
export type UsageRange = {
  preset: RangePreset;
  timeZone: string;
  from: Date;
  to: Date;
  /** Starts of the buckets, in order; each ends where the next starts, the last at `to`. */
  buckets: Date[];
  unit: "hour" | "day";
};

const DAYS: Record<Exclude<RangePreset, "24h">, number> = { "7d": 7, "30d": 30, "90d": 90 };

const date = (zoned: Temporal.ZonedDateTime) => new Date(zoned.epochMilliseconds);

/**
 * The last 24 hours, hour by hour up to the current one, or the last 7, 30 or 90 days including today. Days are the account's:
 * 23 or 25 hours long when its clocks change, and hours begin with its wall clock's, also in half-hour zones. (U2)
 */
export function usageRange(preset: RangePreset, timeZone: string, now: Date): UsageRange {
  // The range ends before `now`: on the stroke of an hour the last bucket is the one that is over, not one of no length.
  const current = Temporal.Instant.fromEpochMilliseconds(now.getTime() - 1).toZonedDateTimeISO(timeZone);
  const unit = preset === "24h" ? "hour" : "day";
  const buckets: Date[] = [];
  if (preset === "24h") {
    const last = current.round({ smallestUnit: "hour", roundingMode: "floor" });
    for (let back = 23; back >= 0; back--) buckets.push(date(last.subtract({ hours: back })));
  } else {
    const today = current.startOfDay();
    for (let back = DAYS[preset] - 1; back >= 0; back--)
      buckets.push(date(today.toPlainDate().subtract({ days: back }).toZonedDateTime({ timeZone })));
  }
  return { preset, timeZone, from: buckets[0] ?? now, to: now, buckets, unit };
}
