"use client";

import { lazy, Suspense, useRef, useState } from "react";
import { type LiveFigures, useLiveFigures } from "@/app/_live/live-balance-provider";
import { RemainingIcon } from "@/app/_ui/icons";
import { type RemainingState, remainingState } from "@/lib/billing/thresholds";
import { creditDigits, formatCount, formatCredits } from "@/lib/format";

const loadPanel = () => import("./quick-check-panel");
const QuickCheckPanel = lazy(loadPanel);

const STATES: readonly RemainingState[] = ["plenty", "some", "little", "none"];
const STATE_WORDS: Record<RemainingState, string> = {
  plenty: "more than 75 % left",
  some: "25 to 75 % left",
  little: "less than 25 % left",
  none: "used up",
};

/** The fuller meter does not hide the emptier one: the icon shows the worse of the two. (Q2) */
function worstState({ balance, remainingMicro }: LiveFigures): RemainingState {
  const credits = remainingState(remainingMicro, BigInt(balance.grantedMicro));
  const runs = remainingState(BigInt(balance.runsRemaining), BigInt(balance.runsGranted));
  return STATES.indexOf(credits) > STATES.indexOf(runs) ? credits : runs;
}

/** The clock at the top right (Q1, Q2). What it opens is loaded when somebody reaches for it. */
export function QuickCheck() {
  const figures = useLiveFigures();
  const button = useRef<HTMLButtonElement>(null);
  const [isOpen, setOpen] = useState(false);
  if (!figures) return null;

  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  const { balance, remainingMicro } = figures;
  const state = worstState(figures);
  const grantedMicro = BigInt(balance.grantedMicro);
  const remaining = formatCredits(remainingMicro, creditDigits(grantedMicro));
  const label = `Quick check, ${STATE_WORDS[state]}: ${remaining} of ${formatCredits(grantedMicro)} credits, ${formatCount(
    BigInt(balance.runsRemaining),
  )} of ${formatCount(BigInt(balance.runsGranted))} runs`;
  return (
    <>
      <button
        ref={button}
        type="button"
        aria-label={label}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        data-state={state}
        onPointerEnter={() => void loadPanel()}
        onFocus={() => void loadPanel()}
        onClick={() => setOpen(true)}
        className="flex h-10 items-center gap-2 rounded-md bg-surface px-2.5 text-sm font-medium ring-1 ring-inset ring-line hover:bg-sunken"
      >
        <RemainingIcon state={state} />
        <span className="figures max-[400px]:sr-only">{remaining}</span>
      </button>
      <Suspense>{isOpen && <QuickCheckPanel triggerRef={button} onClose={close} />}</Suspense>
    </>
  );
}
