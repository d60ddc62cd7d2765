import { Pie } from "@visx/shape";
import type { ResourceKind } from "@/lib/billing/kinds";
import { formatCredits, KIND_TITLES } from "@/lib/format";
import { apportion } from "./apportion";
import { KindSwatch, kindFill } from "./kind-patterns";

const RADIUS = 92;
const HOLE = 62;

/** Credits by kind, with a legend whose figures and percentages add up to the total (U3, U11). */
export function KindDonut({
  byKind,
  totalMicro,
  digits,
}: {
  byKind: { kind: ResourceKind; creditsMicro: bigint }[];
  totalMicro: bigint;
  digits: 2 | 4;
}) {
  const drawn = byKind.filter(({ creditsMicro }) => creditsMicro > 0n);
  const exact = drawn.map(({ creditsMicro }) => creditsMicro);
  const unitMicro = digits === 2 ? 10_000n : 100n;
  const amounts = apportion(exact, (totalMicro + unitMicro / 2n) / unitMicro);
  const percents = apportion(exact, 10_000n);
  const rows = drawn.map(({ kind, creditsMicro }, index) => ({
    kind,
    creditsMicro,
    title: KIND_TITLES[kind].many,
    amount: amounts[index]
      ? formatCredits((amounts[index] ?? 0n) * unitMicro, digits)
      : formatCredits(creditsMicro, digits),
    percent: formatHundredths(percents[index] ?? 0n),
  }));
  return (
    <div className="flex flex-col items-center gap-6">
      <svg
        role="img"
        aria-label="Credits by kind; the figures are in the list that follows"
        viewBox="-100 -100 200 200"
        className="w-full max-w-52 [&:has(.slice:hover)_.total]:hidden"
      >
        <text className="total figures fill-ink text-[22px] font-semibold" textAnchor="middle" y="3">
          {formatCredits(totalMicro, digits)}
        </text>
        <text className="total fill-ink-soft text-[11px]" textAnchor="middle" y="21">
          credits
        </text>
        <Pie
          data={rows}
          pieValue={(row) => Number(row.creditsMicro)}
          pieSort={null}
          pieSortValues={null}
          outerRadius={RADIUS}
          innerRadius={HOLE}
        >
          {({ arcs, path }) =>
            arcs.map((arc) => (
              <g key={arc.data.kind} className="slice">
                <path
                  d={path(arc) ?? ""}
                  fill={kindFill(arc.data.kind)}
                  stroke="var(--surface)"
                  strokeWidth={arcs.length > 1 ? 2 : 0}
                >
                  <title>{`${arc.data.title}: ${arc.data.amount} credits, ${arc.data.percent}`}</title>
                </path>
                <g className="pointer-events-none hidden [.slice:hover>&]:block">
                  <text className="fill-ink-soft text-[11px]" textAnchor="middle" y="-14">
                    {arc.data.title}
                  </text>
                  <text className="figures fill-ink text-[20px] font-semibold" textAnchor="middle" y="7">
                    {arc.data.amount}
                  </text>
                  <text className="figures fill-ink-soft text-[11px]" textAnchor="middle" y="24">
                    {arc.data.percent}
                  </text>
                </g>
              </g>
            ))
          }
        </Pie>
      </svg>
      <table className="w-full text-sm">
        <caption className="sr-only">Credits by kind</caption>
        <thead className="sr-only">
          <tr>
            <th scope="col">Kind</th>
            <th scope="col">Credits</th>
            <th scope="col">Share</th>
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {rows.map(({ kind, title, amount, percent }) => (
            <tr key={kind}>
              <th scope="row" className="py-2 text-left font-normal">
                <span className="flex items-center gap-2.5">
                  <KindSwatch kind={kind} />
                  {title}
                </span>
              </th>
              <td className="figures py-2 text-right">{amount}</td>
              <td className="figures w-18 py-2 text-right text-ink-soft">{percent}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr className="border-t border-line-strong font-medium">
            <th scope="row" className="py-2 text-left font-medium">
              Total
            </th>
            <td className="figures py-2 text-right">{formatCredits(totalMicro, digits)}</td>
            <td className="figures py-2 text-right">100.00 %</td>
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

/** Always two decimals, so that a column of them lines up. */
function formatHundredths(percent: bigint): string {
  return `${percent / 100n}.${(percent % 100n).toString().padStart(2, "0")} %`;
}
