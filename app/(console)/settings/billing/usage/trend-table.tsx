import type { TrendBar } from "@/app/_charts/trend-chart";
import { ScrollRegion } from "@/app/_ui/scroll-region";
import type { ResourceKind } from "@/lib/billing/kinds";
import { KIND_TITLES } from "@/lib/format";

/** The chart's figures, exact, so that rows and columns add up as they stand (U11). */
export function TrendTable({
  bars,
  kinds,
  format,
  unit,
  noun,
}: {
  bars: TrendBar[];
  kinds: ResourceKind[];
  format: (amount: bigint) => string;
  unit: "hour" | "day";
  noun: string;
}) {
  const columns = kinds.length > 1 ? kinds : [];
  const amountOf = (bar: TrendBar, kind: ResourceKind) => bar.parts.find((part) => part.kind === kind)?.amount ?? 0n;
  const sum = (amounts: bigint[]) => amounts.reduce((total, amount) => total + amount, 0n);
  const cell = "figures px-3 py-1.5 text-right whitespace-nowrap first:pl-0 last:pr-0";
  return (
    <details className="mt-5 border-t border-line pt-4 text-sm">
      <summary className="w-fit font-medium text-ink-soft hover:text-ink">The same figures as a table</summary>
      <ScrollRegion label={`${noun} per ${unit}, as a table`} className="mt-3 max-h-96">
        <table className="w-full">
          <thead className="sticky top-0 bg-surface text-ink-soft">
            <tr>
              <th scope="col" className="py-1.5 text-left font-medium">
                {unit === "hour" ? "Hour from" : "Day"}
              </th>
              {columns.map((kind) => (
                <th key={kind} scope="col" className={`${cell} font-medium`}>
                  {KIND_TITLES[kind].many}
                </th>
              ))}
              <th scope="col" className={`${cell} font-medium`}>
                {columns.length > 0 ? "Total" : noun}
              </th>
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {bars.map((bar) => (
              <tr key={bar.key}>
                <th scope="row" className="py-1.5 pr-3 text-left font-normal whitespace-nowrap">
                  {bar.label}
                </th>
                {columns.map((kind) => (
                  <td key={kind} className={cell}>
                    {format(amountOf(bar, kind))}
                  </td>
                ))}
                <td className={`${cell} font-medium`}>{format(bar.total)}</td>
              </tr>
            ))}
          </tbody>
          <tfoot className="border-t border-line-strong font-medium">
            <tr>
              <th scope="row" className="py-1.5 text-left font-medium">
                Total
              </th>
              {columns.map((kind) => (
                <td key={kind} className={cell}>
                  {format(sum(bars.map((bar) => amountOf(bar, kind))))}
                </td>
              ))}
              <td className={cell}>{format(sum(bars.map((bar) => bar.total)))}</td>
            </tr>
          </tfoot>
        </table>
      </ScrollRegion>
    </details>
  );
}
