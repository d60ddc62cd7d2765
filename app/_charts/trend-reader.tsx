"use client";

import { type KeyboardEvent, type PointerEvent, type ReactNode, useState } from "react";
import type { ResourceKind } from "@/lib/billing/kinds";
import { KindSwatch } from "./kind-patterns";

export type TrendPoint = {
  label: string;
  total: string;
  parts: { kind: ResourceKind; title: string; amount: string }[];
};

/** The figures of the bar under the pointer, or of the one chosen by arrow keys. To a screen reader it is a slider along time. */
export function TrendReader({ points, title, children }: { points: TrendPoint[]; title: string; children: ReactNode }) {
  const [index, setIndex] = useState<number | null>(null);
  const last = points.length - 1;
  const current = points[index ?? last];

  const onPointer = (event: PointerEvent<HTMLDivElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const at = Math.floor(((event.clientX - left) / width) * points.length);
    setIndex(Math.min(last, Math.max(0, at)));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const at = index ?? last;
    const next = { ArrowLeft: at - 1, ArrowDown: at - 1, ArrowRight: at + 1, ArrowUp: at + 1, Home: 0, End: last }[
      event.key
    ];
    if (event.key === "Escape") setIndex(null);
    if (next === undefined) return;
    event.preventDefault();
    setIndex(Math.min(last, Math.max(0, next)));
  };

  return (
    <div className="relative min-w-0 flex-1">
      {index !== null && (
        <div
          aria-hidden="true"
          className="absolute top-0 bottom-6 bg-ink/5"
          style={{ left: `${(index / points.length) * 100}%`, width: `${100 / points.length}%` }}
        />
      )}
      {children}
      <div
        role="slider"
        tabIndex={0}
        aria-label={`${title}, one point in time after the other`}
        aria-valuemin={0}
        aria-valuemax={last}
        aria-valuenow={index ?? last}
        aria-valuetext={current && inWords(current)}
        className="absolute inset-0 bottom-6 touch-pan-y"
        onPointerMove={onPointer}
        onPointerDown={onPointer}
        onPointerLeave={() => setIndex(null)}
        onFocus={() => setIndex((now) => now ?? last)}
        onBlur={() => setIndex(null)}
        onKeyDown={onKeyDown}
      />
      {index !== null && current && (
        <div
          aria-hidden="true"
          className="pointer-events-none absolute top-0 z-10 w-max max-w-56 rounded-lg bg-surface px-3 py-2 text-[0.8125rem] shadow-[0_6px_24px_rgb(0_0_0/0.16)] ring-1 ring-line"
          style={besideBar(index, points.length)}
        >
          <p className="font-medium">{current.label}</p>
          {current.parts.map((part) => (
            <p key={part.kind} className="figures flex items-center gap-2 text-ink-soft">
              <KindSwatch kind={part.kind} />
              <span className="mr-auto">{part.title}</span>
              <span>{part.amount}</span>
            </p>
          ))}
          <p className="figures flex justify-between gap-4 font-medium">
            <span>Total</span>
            <span>{current.total}</span>
          </p>
        </div>
      )}
    </div>
  );
}

/** On the side of the bar where there is more room. */
function besideBar(index: number, count: number) {
  return index < count / 2
    ? { left: `calc(${((index + 1) / count) * 100}% + 6px)` }
    : { right: `calc(${(1 - index / count) * 100}% + 6px)` };
}

function inWords({ label, total, parts }: TrendPoint): string {
  return parts.length > 1
    ? `${label}: ${total}, of it ${parts.map((part) => `${part.title} ${part.amount}`).join(", ")}`
    : `${label}: ${total}`;
}
