import type { ReactNode } from "react";
import { Time } from "@/app/_ui/time";
import { lastsMs } from "@/lib/billing/forecast";
import { profileTitle } from "@/lib/billing/price-book";
import type { PricedProfile } from "@/lib/credits/list-prices";
import { formatCredits, formatDuration, formatRate } from "@/lib/format";

const HOURS_PER_DAY = 24n;
const HOURS_PER_MONTH = 30n * HOURS_PER_DAY;

/** On a phone, each profile is a card of its own. */
const CELL =
  "px-4 py-2.5 align-top max-md:flex max-md:justify-between max-md:gap-4 max-md:py-1 md:first:pl-5 md:last:pr-5";
const COLUMNS = ["Per hour", "Per day", "Per month", "Lasts"] as const;

/** Profiles with their prices, and how long the balance would last on each together with what already runs (P4). */
export function PriceTable({
  caption,
  prices,
  remainingMicro,
  burnMicroPerHour,
  timeZone,
}: {
  caption: string;
  prices: PricedProfile[];
  remainingMicro: bigint;
  burnMicroPerHour: bigint;
  timeZone: string;
}) {
  return (
    <table className="w-full table-fixed text-sm max-md:block md:rounded-[10px] md:bg-surface md:ring-1 md:ring-line">
      <caption className="sr-only">{caption}</caption>
      <thead className="text-ink-soft max-md:hidden">
        <tr>
          <th scope="col" className="w-[32%] px-4 py-2.5 pl-5 text-left font-medium">
            Hardware
          </th>
          {COLUMNS.map((title) => (
            <th key={title} scope="col" className="px-4 py-2.5 text-right font-medium last:pr-5">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="max-md:block md:divide-y md:divide-line md:border-t md:border-line">
        {prices.map((profile) => (
          <tr
            key={profile.profileId}
            className="max-md:mb-3 max-md:block max-md:rounded-[10px] max-md:bg-surface max-md:py-2 max-md:ring-1 max-md:ring-line"
          >
            <th scope="row" className={`${CELL} text-left font-normal`}>
              <div>
                <span className="font-medium">{profileTitle(profile)}</span>
                {profile.gpuType && (
                  <span className="label block">
                    {profile.vcpus} vCPU, {profile.memoryGb} GB
                  </span>
                )}
                {profile.coming.map((price) => (
                  <span key={price.inForceFrom.getTime()} className="label figures block">
                    From <Time at={price.inForceFrom} timeZone={timeZone} />: {formatRate(price.creditsPerHourMicro)}{" "}
                    per hour
                  </span>
                ))}
              </div>
            </th>
            <Cell title="Per hour">{formatCredits(profile.creditsPerHourMicro, 6)}</Cell>
            <Cell title="Per day">{formatCredits(profile.creditsPerHourMicro * HOURS_PER_DAY)}</Cell>
            <Cell title="Per month">{formatCredits(profile.creditsPerHourMicro * HOURS_PER_MONTH)}</Cell>
            <Cell title="Lasts">{lasts(remainingMicro, burnMicroPerHour + profile.creditsPerHourMicro)}</Cell>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** At today's prices, until the credits are used up. */
function lasts(remainingMicro: bigint, rateMicroPerHour: bigint): string {
  if (remainingMicro <= 0n) return "no credits left";
  const ms = lastsMs(remainingMicro, rateMicroPerHour);
  return ms === null ? "costs nothing" : formatDuration(ms);
}

function Cell({ title, children }: { title: (typeof COLUMNS)[number]; children: ReactNode }) {
  return (
    <td className={`${CELL} figures whitespace-nowrap md:text-right`}>
      <span aria-hidden="true" className="label md:hidden">
        {title}
      </span>
      <span>{children}</span>
    </td>
  );
}
