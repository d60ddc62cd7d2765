import type { Metadata } from "next";
import Link from "next/link";
import { readOwnBalance } from "@/app/_live/read-own-balance";
import { buttonClass } from "@/app/_ui/button";
import { PageHead } from "@/app/_ui/page-head";
import { requireBilling } from "@/lib/auth/viewer";
import { burnRateMicroPerHour } from "@/lib/billing/burn";
import { RESOURCE_KINDS } from "@/lib/billing/kinds";
import { listPrices } from "@/lib/credits/list-prices";
import { creditDigits, formatCredits, formatRate, KIND_TITLES } from "@/lib/format";
import { PriceTable } from "./price-table";

export const metadata: Metadata = { title: "Prices" };

export default async function PricesPage() {
  await requireBilling();
  const own = await readOwnBalance();
  if (!own) return null;
  const { balance, context } = own;
  const prices = await listPrices(context);
  const left = formatCredits(balance.remainingMicro, creditDigits(balance.grantedMicro));
  const burnMicro = burnRateMicroPerHour(balance.state.segments, balance.untilMs);
  return (
    <>
      <PageHead
        title="Prices"
        above="Settings › Billing › Prices"
        actions={
          <Link href="/deployments/new" className={buttonClass("primary")}>
            Deploy
          </Link>
        }
      >
        In credits, per replica, charged by the millisecond. A month has 30 days.{" "}
        {burnMicro > 0n
          ? `You have ${left} credits, and what runs already uses ${formatRate(burnMicro)} per hour. “Lasts” is how long they would last with one replica more.`
          : `You have ${left} credits. “Lasts” is how long they would last with one replica.`}{" "}
        Times are those of {balance.timeZone}.
      </PageHead>
      {RESOURCE_KINDS.map((kind) => {
        const ofKind = prices.filter((profile) => profile.kind === kind);
        return (
          ofKind.length > 0 && (
            <section key={kind} className="mt-8" aria-labelledby={`prices-${kind}`}>
              <h2 id={`prices-${kind}`} className="mb-3 text-lg font-semibold tracking-tight">
                {KIND_TITLES[kind].many}
              </h2>
              <PriceTable
                caption={`Prices for ${KIND_TITLES[kind].many}`}
                prices={ofKind}
                remainingMicro={balance.remainingMicro}
                burnMicroPerHour={burnMicro}
                timeZone={balance.timeZone}
              />
            </section>
          )
        );
      })}
    </>
  );
}
