"use client";

import type { ReactNode } from "react";
import { Countdown } from "@/app/_live/figures";
import { type LiveFigures, useLiveFigures } from "@/app/_live/live-balance-provider";
import { Card } from "@/app/_ui/surface";
import { formatInstant, formatRate } from "@/lib/format";

const PAUSED = "unknown, metering is paused";
const SECONDS_SHOWN_BELOW_MS = 3_600_000;

/** How fast it goes, when credits are used up, and when everything is stopped (U3). */
export function RunwayCard({ negativeLimitMicro }: { negativeLimitMicro: string }) {
  const figures = useLiveFigures();
  if (!figures) return null;
  const { balance } = figures;
  return (
    <Card className="p-5 md:max-lg:col-span-2 sm:p-6">
      <h2 className="label">Runway</h2>
      <p className="figures mt-2 flex flex-wrap items-baseline gap-x-2">
        <span className="text-[2rem] leading-10 font-semibold tracking-tight">
          {formatRate(BigInt(balance.burnRateMicroPerHour))}
        </span>
        <span className="text-ink-soft">credits per hour</span>
      </p>
      <dl className="mt-3 divide-y divide-line text-sm">
        <Row name="Credits used up">{usedUp(figures)}</Row>
        <Row name={`Everything stops at ${formatRate(-BigInt(negativeLimitMicro))}`}>{stop(figures)}</Row>
      </dl>
    </Card>
  );
}

function usedUp({ balance, remainingMicro, nowMs }: LiveFigures): ReactNode {
  if (remainingMicro <= 0n) return "already";
  if (balance.stalledAtMs !== null) return PAUSED;
  return whenOf(balance.usedUpAtMs, balance.timeZone, nowMs);
}

function stop({ balance, nowMs }: LiveFigures): ReactNode {
  if (balance.closed) return "stopped";
  if (balance.stalledAtMs !== null) return PAUSED;
  return whenOf(balance.stopAtMs, balance.timeZone, nowMs);
}

function whenOf(atMs: number | null, timeZone: string, nowMs: number): ReactNode {
  if (atMs === null) return "not at this rate";
  return (
    <>
      {formatInstant(new Date(atMs), timeZone, { seconds: atMs - nowMs < SECONDS_SHOWN_BELOW_MS })}
      <span className="block text-ink-soft">
        in <Countdown untilMs={atMs} over="a moment" />
      </span>
    </>
  );
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex justify-between gap-4 py-2.5 last:pb-0">
      <dt className="text-ink-soft">{name}</dt>
      <dd className="figures shrink-0 text-right">{children}</dd>
    </div>
  );
}
