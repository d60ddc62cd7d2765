import { KindSwatch } from "@/app/_charts/kind-patterns";
import { type TrendBar, TrendChart } from "@/app/_charts/trend-chart";
import { ChoiceLinks } from "@/app/_ui/choice-links";
import { Card } from "@/app/_ui/surface";
import { RESOURCE_KINDS, type ResourceKind } from "@/lib/billing/kinds";
import { formatCount, formatCredits, formatRate, KIND_TITLES } from "@/lib/format";
import type { Overview } from "@/lib/usage/read-overview";
import { TrendTable } from "./trend-table";
import { RANGE_WORDS, type UsageQuery, usageHref } from "./usage-query";

/** The trend of one meter, as a chart and as a table of the same figures (U3). */
export function TrendSection({ overview, query }: { overview: Overview; query: UsageQuery }) {
  const bars = query.meter === "credits" ? creditBars(overview) : runBars(overview);
  const kinds = RESOURCE_KINDS.filter((kind) => bars.some((bar) => bar.parts.some((part) => part.kind === kind)));
  const format = query.meter === "credits" ? formatRate : formatCount;
  const formatAxis = query.meter === "credits" ? formatAxisCredits : formatCount;
  const noun = query.meter === "credits" ? "Credits used" : "Workflow runs";
  const unit = overview.range.unit;
  return (
    <Card className="p-5 sm:p-6">
      <div className="mb-5 flex flex-wrap items-start justify-between gap-3">
        <div>
          <h2 className="text-base font-semibold">Trend</h2>
          <p className="label">
            {noun} per {unit}, {RANGE_WORDS[query.range].long}
          </p>
        </div>
        <ChoiceLinks
          label="Meter"
          choices={(["credits", "runs"] as const).map((meter) => ({
            href: usageHref({ ...query, meter }),
            title: meter === "credits" ? "Credits" : "Runs",
            chosen: meter === query.meter,
          }))}
        />
      </div>
      <TrendChart bars={bars} format={format} formatAxis={formatAxis} title={`${noun} per ${unit}`} />
      {query.meter === "credits" && kinds.length > 0 && <Legend kinds={kinds} />}
      <TrendTable bars={bars} kinds={kinds} format={format} unit={unit} noun={noun} />
    </Card>
  );
}

function Legend({ kinds }: { kinds: ResourceKind[] }) {
  return (
    <ul aria-label="Kinds" className="mt-3 flex flex-wrap gap-x-5 gap-y-1.5 text-[0.8125rem] text-ink-soft">
      {kinds.map((kind) => (
        <li key={kind} className="flex items-center gap-2">
          <KindSwatch kind={kind} />
          {KIND_TITLES[kind].many}
        </li>
      ))}
    </ul>
  );
}

function creditBars(overview: Overview): TrendBar[] {
  return overview.trend.map(({ from, credits, creditsMicro }) => ({
    ...wordsOf(from, overview),
    total: creditsMicro,
    parts: credits
      .filter(({ creditsMicro: amount }) => amount !== 0n)
      .map(({ kind, creditsMicro: amount }) => ({ kind, amount })),
  }));
}

function runBars(overview: Overview): TrendBar[] {
  return overview.trend.map(({ from, runs }) => ({
    ...wordsOf(from, overview),
    total: runs,
    parts: runs === 0n ? [] : [{ kind: "workflow", amount: runs }],
  }));
}

function wordsOf(from: Date, { range: { timeZone, unit } }: Overview): Pick<TrendBar, "key" | "tick" | "label"> {
  const write = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat("en-GB", { timeZone, hourCycle: "h23", ...options }).format(from);
  return {
    key: from.toISOString(),
    tick: unit === "hour" ? write({ hour: "2-digit", minute: "2-digit" }) : write({ day: "numeric", month: "short" }),
    label:
      unit === "hour"
        ? write({ weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" })
        : write({ weekday: "short", day: "numeric", month: "short", year: "numeric" }),
  };
}

const formatAxisCredits = (creditsMicro: bigint) => formatCredits(creditsMicro, 6).replace(/\.?0+$/, "");
