import { Temporal } from "temporal-polyfill";

/** As the date and datetime-local fields of a form send them; four-digit years that the database knows too. */
const LOCAL = /^(19|2\d)\d\d-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?)?$/;

/**
 * The instant of a date and time as a form's field sends it ("2026-07-01T12:00"), in a time zone; a date alone is its day's beginning. Of two
 * when the clocks go back, the first. Null for anything else, also for days that do not exist.
 */
export function instantOfLocal(text: string, timeZone: string): Date | null {
  const local = plainOf(text);
  return local && new Date(local.toZonedDateTime(timeZone).epochMilliseconds);
}

/** Where the day after the given one begins, so that a range can include its last day. */
export function instantAfterDay(text: string, timeZone: string): Date | null {
  const local = plainOf(text);
  return local && new Date(local.toPlainDate().add({ days: 1 }).toZonedDateTime({ timeZone }).epochMilliseconds);
}

/** "2026-07-01T12:00:00.250+02:00": readable for people and programs, and the same instant everywhere. */
export function isoInZone(at: Date, timeZone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(at.getTime())
    .toZonedDateTimeISO(timeZone)
    .toString({ timeZoneName: "never", fractionalSecondDigits: 3 });
}

function plainOf(text: string): Temporal.PlainDateTime | null {
  if (!LOCAL.test(text)) return null;
  try {
    return Temporal.PlainDateTime.from(text, { overflow: "reject" });
  } catch {
    return null;
  }
}
