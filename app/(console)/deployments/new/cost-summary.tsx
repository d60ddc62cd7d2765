"use client";

import type { ReactNode } from "react";
import { useLiveFigures } from "@/app/_live/live-balance-provider";
import { Button } from "@/app/_ui/button";
import { lastsMs } from "@/lib/billing/forecast";
import { creditDigits, formatCredits, formatDuration, formatInstant, formatRate } from "@/lib/format";
import type { PricedProfile } from "./hardware-choice";

/** What it will cost, and how long the balance will last with it (P4); and the button. */
export function CostSummary({
  profile,
  replicas,
  isPending,
}: {
  profile: PricedProfile | undefined;
  replicas: number;
  isPending: boolean;
}) {
  const figures = useLiveFigures();
  const addedMicro = BigInt(profile?.creditsPerHourMicro ?? 0) * BigInt(replicas);
  const runningMicro = BigInt(figures?.balance.burnRateMicroPerHour ?? 0);
  const lasts = figures && lastsMs(figures.remainingMicro, addedMicro + runningMicro);
  return (
    <>
      <h2 className="label">This deployment</h2>
      <p className="figures mt-1 flex flex-wrap items-baseline gap-x-2">
        <span className="text-2xl font-semibold tracking-tight">{formatRate(addedMicro)}</span>
        <span className="text-ink-soft">credits per hour</span>
      </p>
      <p className="label">
        {profile?.title ?? "No hardware chosen"}, {replicas === 1 ? "1 replica" : `${replicas} replicas`}
      </p>
      {figures && (
        <dl className="mt-4 divide-y divide-line border-t border-line text-sm">
          <Row name="With what runs already">{formatRate(addedMicro + runningMicro)} / hour</Row>
          <Row name="Your balance">
            {formatCredits(figures.remainingMicro, creditDigits(BigInt(figures.balance.grantedMicro)))}
          </Row>
          <Row name="It lasts">{lasts ? formatDuration(lasts) : "–"}</Row>
          {lasts ? (
            <Row name="Until">
              {formatInstant(new Date(figures.nowMs + lasts), figures.balance.timeZone, { seconds: lasts < 3_600_000 })}
            </Row>
          ) : null}
        </dl>
      )}
      <Button className="mt-4 w-full" disabled={isPending}>
        {isPending ? "Deploying …" : "Deploy"}
      </Button>
      <noscript>
        <p className="label mt-3">Without JavaScript, the figures here are those of the first choice.</p>
      </noscript>
    </>
  );
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex justify-between gap-4 py-2.5">
      <dt className="text-ink-soft">{name}</dt>
      <dd className="figures text-right">{children}</dd>
    </div>
  );
}
