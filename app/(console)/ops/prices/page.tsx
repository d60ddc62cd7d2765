import type { Metadata } from "next";
import { type Column, DataTable } from "@/app/_ui/data-table";
import { Card } from "@/app/_ui/surface";
import { Time } from "@/app/_ui/time";
import { requireOperator } from "@/lib/auth/viewer";
import { profileTitle } from "@/lib/billing/price-book";
import { listPrices, type PricedProfile } from "@/lib/credits/list-prices";
import { formatCredits, formatRate, KIND_TITLES } from "@/lib/format";
import { runtime } from "@/lib/runtime";
import { OPS_TIME_ZONE, OpsHead } from "../ops-head";
import { PriceForm } from "./price-form";

export const metadata: Metadata = { title: "Prices" };

const COLUMNS: Column<PricedProfile>[] = [
  {
    title: "Profile",
    cell: (profile) => (
      <>
        <span className="font-medium whitespace-nowrap">{profileTitle(profile)}</span>
        <span className="label block">{KIND_TITLES[profile.kind].one}</span>
        <span className="label block font-mono text-xs">{profile.profileId}</span>
      </>
    ),
  },
  { title: "Per hour", align: "right", cell: (profile) => formatCredits(profile.creditsPerHourMicro, 6) },
  {
    title: "In force since",
    cell: ({ current }) =>
      current && (
        <>
          {current.inForceFrom.getTime() === 0 ? (
            "The beginning"
          ) : (
            <Time at={current.inForceFrom} timeZone={OPS_TIME_ZONE} />
          )}
          <span className="label block break-words">by {current.actor}</span>
        </>
      ),
  },
  {
    title: "To come",
    cell: ({ coming }) =>
      coming.length === 0
        ? "–"
        : coming.map((price) => (
            <span key={price.inForceFrom.getTime()} className="figures mb-1 block last:mb-0">
              {formatRate(price.creditsPerHourMicro)} from{" "}
              <Time at={price.inForceFrom} timeZone={OPS_TIME_ZONE} seconds />
              <span className="label block break-words">by {price.actor}</span>
            </span>
          )),
  },
];

export default async function OpsPricesPage() {
  const viewer = await requireOperator();
  const prices = await listPrices({ db: runtime().db, now: new Date(), actor: viewer.email });
  const choices = prices.map((profile) => ({
    profileId: profile.profileId,
    title: `${KIND_TITLES[profile.kind].one}: ${profileTitle(profile)} (${formatRate(profile.creditsPerHourMicro)})`,
  }));
  return (
    <>
      <OpsHead title="Prices">
        Credits per hour and replica. A price is never edited: another one follows it. Times are {OPS_TIME_ZONE}.
      </OpsHead>
      <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <DataTable caption="Prices" columns={COLUMNS} rows={prices} rowKey={(profile) => profile.profileId} />
        <Card className="p-5 sm:p-6 max-lg:-order-1">
          <PriceForm choices={choices} timeZone={OPS_TIME_ZONE} />
        </Card>
      </div>
    </>
  );
}
