import { BANNER_THRESHOLDS } from "@/lib/billing/thresholds";

/** A bar of how much is used, with the thresholds marked below. For the eye only: the figures stand beside it. */
export function Gauge({ filledPercent }: { filledPercent: number }) {
  const shown = Math.min(100, Math.max(0, filledPercent));
  const colour = shown >= 90 ? "bg-bad" : shown >= 70 ? "bg-warn" : "bg-accent";
  return (
    <div aria-hidden="true" className="relative mb-2 h-2 rounded-full bg-sunken ring-1 ring-line ring-inset">
      <div className={`h-full rounded-full ${colour}`} style={{ width: `${shown}%` }} />
      {BANNER_THRESHOLDS.map((percent) => (
        <span
          key={percent}
          className="absolute top-[calc(100%+3px)] h-1.5 w-px bg-line-strong"
          style={{ left: `${percent}%` }}
        />
      ))}
    </div>
  );
}
