import type { Metadata } from "next";
import Link from "next/link";
import { KindDonut } from "@/app/_charts/kind-donut";
import { KindPatterns } from "@/app/_charts/kind-patterns";
import { readOwnBalance } from "@/app/_live/read-own-balance";
import { buttonClass } from "@/app/_ui/button";
import { ChoiceLinks } from "@/app/_ui/choice-links";
import { Empty } from "@/app/_ui/empty";
import { PageHead } from "@/app/_ui/page-head";
import { Card } from "@/app/_ui/surface";
import { requireBilling } from "@/lib/auth/viewer";
import { creditDigits, formatCount, formatCredits } from "@/lib/format";
import { RANGE_PRESETS, usageRange } from "@/lib/usage/range";
import { readOverview } from "@/lib/usage/read-overview";
import { CreditsCard, RunsCard } from "./meter-cards";
import { RunwayCard } from "./runway-card";
import { TrendSection } from "./trend-section";
import { RANGE_WORDS, readUsageQuery, type SearchParams, usageHref } from "./usage-query";

export const metadata: Metadata = { title: "Usage" };

export default async function UsagePage({ searchParams }: { searchParams: SearchParams }) {
  const viewer = await requireBilling();
  const query = await readUsageQuery(searchParams);
  const own = await readOwnBalance();
  if (!own) return null;
  const { balance, context } = own;
  const overview = await readOverview(context, balance, usageRange(query.range, balance.timeZone, context.now));
  const words = RANGE_WORDS[query.range].long;
  const isEmpty = overview.creditsMicro === 0n && overview.runs === 0n;
  return (
    <>
      <KindPatterns />
      <PageHead
        title="Usage"
        above="Settings › Billing › Overview"
        actions={
          <ChoiceLinks
            label="Range"
            choices={RANGE_PRESETS.map((range) => ({
              href: usageHref({ ...query, range }),
              title: RANGE_WORDS[range].short,
              chosen: range === query.range,
            }))}
          />
        }
      >
        {viewer.account.name}, {balance.planName} plan. Days and hours are those of {balance.timeZone}.
      </PageHead>
      <div className="grid grid-cols-1 gap-4 md:grid-cols-2 lg:grid-cols-3 lg:gap-5">
        <CreditsCard
          inRange={{ words, amount: formatCredits(overview.creditsMicro, creditDigits(balance.grantedMicro)) }}
        />
        <RunsCard inRange={{ words, amount: formatCount(overview.runs) }} />
        <RunwayCard negativeLimitMicro={balance.negativeLimitMicro.toString()} />
      </div>
      <div className="mt-4 lg:mt-5">
        {isEmpty ? (
          <Empty
            title={`Nothing was used in the ${words}.`}
            action={
              <Link href="/deployments/new" className={buttonClass("primary")}>
                Deploy something
              </Link>
            }
          >
            As soon as something runs, its credits show here by kind, hour by hour or day by day.
          </Empty>
        ) : (
          <div className="grid grid-cols-1 gap-4 lg:grid-cols-[minmax(0,1fr)_21rem] lg:gap-5">
            <TrendSection overview={overview} query={query} />
            <Card className="p-5 sm:p-6">
              <h2 className="text-base font-semibold">Credits by kind</h2>
              <p className="label mb-5">Of the {words}</p>
              {overview.byKind.length > 0 ? (
                <KindDonut
                  byKind={overview.byKind}
                  totalMicro={overview.creditsMicro}
                  digits={creditDigits(overview.creditsMicro)}
                />
              ) : (
                <p className="text-ink-soft">No credits were used in this time, only workflow runs.</p>
              )}
            </Card>
          </div>
        )}
      </div>
    </>
  );
}
