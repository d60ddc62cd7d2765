"use client";

import Link from "next/link";
import type { ReactNode, RefObject } from "react";
import { Dialog, Heading, Popover } from "react-aria-components";
import { Countdown } from "@/app/_live/figures";
import { useLiveFigures } from "@/app/_live/live-balance-provider";
import { buttonClass } from "@/app/_ui/button";
import { CopyButton } from "@/app/_ui/copy-button";
import { RemainingIcon } from "@/app/_ui/icons";
import { type RemainingState, remainingState } from "@/lib/billing/thresholds";
import { formatCount, formatCredits, formatInstant, formatRate } from "@/lib/format";

/** What the clock opens: the account's id, both meters as they are at this second, and when everything stops. (Q1) */
export default function QuickCheckPanel({
  triggerRef,
  onClose,
}: {
  triggerRef: RefObject<HTMLButtonElement | null>;
  onClose: () => void;
}) {
  const figures = useLiveFigures();
  if (!figures) return null;
  const { balance, remainingMicro } = figures;
  const grantedMicro = BigInt(balance.grantedMicro);
  const runsRemaining = BigInt(balance.runsRemaining);
  const runsGranted = BigInt(balance.runsGranted);
  return (
    <Popover
      isOpen
      onOpenChange={(open) => !open && onClose()}
      triggerRef={triggerRef}
      placement="bottom end"
      offset={8}
      className="w-[min(22rem,calc(100vw-1.5rem))] rounded-xl bg-surface shadow-[0_12px_40px_rgb(0_0_0/0.18)] ring-1 ring-line"
    >
      <Dialog className="p-5 outline-none">
        <Heading slot="title" className="text-sm font-semibold">
          Quick check
        </Heading>
        <div className="mt-3 flex items-center justify-between gap-3 border-b border-line pb-4">
          <div className="min-w-0">
            <p className="label">Account id</p>
            <p className="truncate font-mono text-[0.8125rem]">{balance.publicId}</p>
          </div>
          <CopyButton text={balance.publicId} what="the account id" />
        </div>
        <dl className="divide-y divide-line">
          <Meter
            name="Credits"
            state={remainingState(remainingMicro, grantedMicro)}
            remaining={formatCredits(remainingMicro, 4)}
            total={formatCredits(grantedMicro)}
          />
          <Meter
            name="Workflow runs"
            state={remainingState(runsRemaining, runsGranted)}
            remaining={formatCount(runsRemaining)}
            total={formatCount(runsGranted)}
          />
          <div className="py-4">
            <dt className="label">Runway</dt>
            <dd className="mt-1 text-sm">
              <Runway />
            </dd>
          </div>
        </dl>
        <Link href="/settings/billing/usage" onClick={onClose} className={`${buttonClass("secondary")} w-full`}>
          Manage billing
        </Link>
      </Dialog>
    </Popover>
  );
}

function Meter({
  name,
  state,
  remaining,
  total,
}: {
  name: string;
  state: RemainingState;
  remaining: string;
  total: string;
}) {
  return (
    <div className="flex items-start justify-between gap-3 py-4">
      <dt className="label flex items-center gap-2">
        <RemainingIcon state={state} className="size-4" />
        {name}
      </dt>
      <dd className="figures text-right">
        <span className="block text-lg leading-6 font-semibold tracking-tight">{remaining}</span>
        <span className="label">left of {total}</span>
      </dd>
    </div>
  );
}

function Runway(): ReactNode {
  const figures = useLiveFigures();
  if (!figures) return null;
  const { balance, nowMs } = figures;
  if (balance.closed) return "All deployments are stopped. New ones are off until credits are added.";
  if (balance.stalledAtMs !== null) return "Metering is paused, because the platform does not answer.";
  if (BigInt(balance.burnRateMicroPerHour) === 0n) return "Nothing runs, so nothing is used.";
  const rate = (
    <>
      <span className="figures">{formatRate(BigInt(balance.burnRateMicroPerHour))}</span> credits per hour
    </>
  );
  if (balance.stopAtMs === null || balance.stopAtMs <= nowMs) return <>{rate}. The limit is reached: stopping now.</>;
  return (
    <>
      {rate}; stops at{" "}
      <span className="figures">
        {formatInstant(new Date(balance.stopAtMs), balance.timeZone, { seconds: balance.stopAtMs - nowMs < 3_600_000 })}
      </span>
      , in <Countdown untilMs={balance.stopAtMs} over="a moment" />.
    </>
  );
}
