import { Temporal } from "temporal-polyfill";
import type { Cycle } from "@/lib/billing/grant-lines";

/**
 * The billing cycle that an instant lies in (A9): from midnight of the anchor day, in the account's time zone, to the next one. In a month that is
 * shorter than the anchor, its last day stands for it; the month after goes back to the anchor.
 */
export function cycleAt(anchorDay: number, timeZone: string, atMs: number): Cycle {
  const local = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone).toPlainDate();
  const begin = (month: Temporal.PlainYearMonth) => month.toPlainDate({ day: Math.min(anchorDay, month.daysInMonth) });
  const thisMonth = local.toPlainYearMonth();
  const first =
    Temporal.PlainDate.compare(local, begin(thisMonth)) >= 0 ? thisMonth : thisMonth.subtract({ months: 1 });
  const instantOf = (month: Temporal.PlainYearMonth) => begin(month).toZonedDateTime({ timeZone }).epochMilliseconds;
  return { startMs: instantOf(first), endMs: instantOf(first.add({ months: 1 })) };
}

/** The day of the month of an instant, in a time zone: the anchor of an account that is opened then (A9). */
export function anchorDayOf(timeZone: string, atMs: number): number {
  return Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone).day;
}
