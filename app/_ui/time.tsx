import { formatInstant } from "@/lib/format";

/** An instant in a time zone, readable by programs too. */
export function Time({ at, timeZone, seconds }: { at: Date; timeZone: string; seconds?: boolean }) {
  return (
    <time dateTime={at.toISOString()} className="figures whitespace-nowrap">
      {formatInstant(at, timeZone, { seconds })}
    </time>
  );
}
