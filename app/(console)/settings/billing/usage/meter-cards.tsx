"use client";

import { useLiveFigures } from "@/app/_live/live-balance-provider";
import { Gauge } from "@/app/_ui/gauge";
import { Card } from "@/app/_ui/surface";
import { basisPoints } from "@/lib/billing/amount";
import { creditDigits, formatCount, formatCredits, formatPercent } from "@/lib/format";

/** Credits used of the allocation, at this second (U3). The percentage is that of the exact values, not of the written ones. */
export function CreditsCard({ inRange }: { inRange: { words: string; amount: string } }) {
  const figures = useLiveFigures();
  if (!figures) return null;
  const grantedMicro = BigInt(figures.balance.grantedMicro);
  const digits = creditDigits(grantedMicro);
  const usedMicro = grantedMicro - figures.remainingMicro;
  return (
    <MeterCard
      title="Credits used"
      used={formatCredits(usedMicro, digits)}
      total={`${formatCredits(grantedMicro, digits)} credits`}
      remaining={formatCredits(figures.remainingMicro, digits)}
      percent={formatPercent(usedMicro, grantedMicro)}
      points={basisPoints(usedMicro, grantedMicro)}
      inRange={inRange}
    />
  );
}

export function RunsCard({ inRange }: { inRange: { words: string; amount: string } }) {
  const figures = useLiveFigures();
  if (!figures) return null;
  const granted = BigInt(figures.balance.runsGranted);
  const remaining = BigInt(figures.balance.runsRemaining);
  const used = granted - remaining;
  return (
    <MeterCard
      title="Workflow runs used"
      used={formatCount(used)}
      total={`${formatCount(granted)} runs`}
      remaining={formatCount(remaining)}
      percent={formatPercent(used, granted)}
      points={basisPoints(used, granted)}
      inRange={inRange}
    />
  );
}

function MeterCard(props: {
  title: string;
  used: string;
  total: string;
  remaining: string;
  percent: string;
  points: bigint | null;
  inRange: { words: string; amount: string };
}) {
  return (
    <Card className="p-5 sm:p-6">
      <h2 className="label">{props.title}</h2>
      <p className="figures mt-2 flex flex-wrap items-baseline gap-x-2">
        <span className="text-[2rem] leading-10 font-semibold tracking-tight">{props.used}</span>
        <span className="text-ink-soft">of {props.total}</span>
      </p>
      <div className="mt-4">
        <Gauge filledPercent={props.points === null ? 100 : Number(props.points) / 100} />
      </div>
      <dl className="mt-1 divide-y divide-line text-sm">
        <Row name="Used" value={props.percent} strong />
        <Row name="Left" value={props.remaining} />
        <Row name={`Used in the ${props.inRange.words}`} value={props.inRange.amount} />
      </dl>
    </Card>
  );
}

function Row({ name, value, strong }: { name: string; value: string; strong?: boolean }) {
  return (
    <div className="flex justify-between gap-4 py-2 last:pb-0">
      <dt className="text-ink-soft">{name}</dt>
      <dd className={`figures ${strong ? "font-semibold" : ""}`}>{value}</dd>
    </div>
  );
}
