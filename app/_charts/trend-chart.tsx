import { scaleBand, scaleLinear } from "@visx/scale";
import { Bar, Line } from "@visx/shape";
import type { ResourceKind } from "@/lib/billing/kinds";
import { KIND_TITLES } from "@/lib/format";
import { kindFill } from "./kind-patterns";
import { TrendReader } from "./trend-reader";

/** One bar: when, in words, and its parts from the bottom up. Amounts are exact; only their heights are rounded, to pixels. */
export type TrendBar = {
  key: string;
  tick: string;
  label: string;
  total: bigint;
  parts: { kind: ResourceKind; amount: bigint }[];
};

const HEIGHT = 336;
const TOP = 8;
const TICKS = 4;
/** Every how many bars there is a label, on a wide page and on a phone. */
const LABEL_STEPS: Record<number, { wide: number; phone: number }> = {
  7: { wide: 1, phone: 2 },
  24: { wide: 3, phone: 6 },
  30: { wide: 3, phone: 7 },
  90: { wide: 10, phone: 30 },
};

/**
 * Stacked bars as plain SVG, complete without JavaScript and in print. Widths are percentages and heights pixels, so it fits every
 * width with text of one size. The reader around it adds the figures under pointer and keyboard.
 */
export function TrendChart({
  bars,
  format,
  formatAxis,
  title,
}: {
  bars: TrendBar[];
  format: (amount: bigint) => string;
  formatAxis: (amount: bigint) => string;
  title: string;
}) {
  const greatest = Math.max(1, ...bars.map((bar) => Number(bar.total)));
  const y = scaleLinear<number>({ domain: [0, greatest], range: [HEIGHT, TOP], nice: TICKS });
  const x = scaleBand<string>({
    domain: bars.map((bar) => bar.key),
    range: [0, 100],
    paddingInner: bars.length < 10 ? 0.5 : 0.25,
    paddingOuter: 0.15,
  });
  const ticks = y.ticks(TICKS).filter(Number.isInteger);
  const steps = LABEL_STEPS[bars.length] ?? { wide: 1, phone: 1 };
  const points = bars.map((bar) => ({
    label: bar.label,
    total: format(bar.total),
    parts: bar.parts.map(({ kind, amount }) => ({ kind, title: KIND_TITLES[kind].many, amount: format(amount) })),
  }));
  return (
    <div className="flex gap-2">
      <div aria-hidden="true" className="relative shrink-0" style={{ height: HEIGHT }}>
        {/* The widest label, unseen, holds the column open. */}
        <span className="figures invisible text-xs">{formatAxis(BigInt(ticks.at(-1) ?? 0))}</span>
        {ticks.map((tick) => (
          <span
            key={tick}
            className="figures absolute right-0 -translate-y-1/2 text-xs text-ink-faint"
            style={{ top: y(tick) }}
          >
            {formatAxis(BigInt(tick))}
          </span>
        ))}
      </div>
      <TrendReader points={points} title={title}>
        <svg role="img" aria-label={title} width="100%" height={HEIGHT + 24} className="block overflow-visible">
          {ticks.map((tick) => (
            <Line
              key={tick}
              from={{ x: 0, y: y(tick) }}
              to={{ x: 0, y: y(tick) }}
              x2="100%"
              stroke={tick === 0 ? "var(--line-strong)" : "var(--line)"}
              shapeRendering="crispEdges"
            />
          ))}
          {bars.map((bar, index) => (
            <TrendStack key={bar.key} bar={bar} x={x(bar.key) ?? 0} width={x.bandwidth()} y={y} format={format}>
              <BarLabel
                x={(x(bar.key) ?? 0) + x.bandwidth() / 2}
                text={bar.tick}
                fromEnd={bars.length - 1 - index}
                steps={steps}
              />
            </TrendStack>
          ))}
        </svg>
      </TrendReader>
    </div>
  );
}

function TrendStack({
  bar,
  x,
  width,
  y,
  format,
  children,
}: {
  bar: TrendBar;
  x: number;
  width: number;
  y: (amount: number) => number;
  format: (amount: bigint) => string;
  children: React.ReactNode;
}) {
  let below = 0;
  return (
    <g>
      {bar.parts.map(({ kind, amount }) => {
        const from = below;
        below += Math.max(0, Number(amount));
        const top = y(below);
        return (
          <Bar
            key={kind}
            x={`${x}%`}
            width={`${width}%`}
            y={top}
            height={Math.max(0, y(from) - top)}
            fill={kindFill(kind)}
            stroke="var(--surface)"
            strokeWidth="0.5"
          >
            <title>{`${bar.label}: ${KIND_TITLES[kind].many} ${format(amount)}`}</title>
          </Bar>
        );
      })}
      {children}
    </g>
  );
}

function BarLabel({
  x,
  text,
  fromEnd,
  steps,
}: {
  x: number;
  text: string;
  fromEnd: number;
  steps: { wide: number; phone: number };
}) {
  const onWide = fromEnd % steps.wide === 0;
  const onPhone = fromEnd % steps.phone === 0;
  if (!onWide && !onPhone) return null;
  const shown = onWide && onPhone ? "" : onWide ? "max-sm:hidden" : "sm:hidden";
  return (
    <text x={`${x}%`} y={HEIGHT + 18} textAnchor="middle" className={`figures fill-ink-faint text-xs ${shown}`}>
      {text}
    </text>
  );
}
