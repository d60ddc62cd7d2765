"use client";

import { useRouter } from "next/navigation";
import { createContext, type ReactNode, useContext, useEffect, useEffectEvent, useRef, useState } from "react";
import { countedUntilMs, type Heard, type LiveBalance, remainingMicroAt } from "./live-balance";

const COUNT_INTERVAL_MS = 1_000;
const ASK_INTERVAL_MS = 4_000;

export type LiveFigures = {
  balance: LiveBalance;
  /** The server's time, as far as this browser knows. */
  nowMs: number;
  /** Up to when it is counted: now, or earlier while the platform does not answer. */
  countedUntilMs: number;
  remainingMicro: bigint;
};

const Figures = createContext<LiveFigures | null>(null);
const Clock = createContext(0);

/** The balance at this second; null where the person may not see it. */
export const useLiveFigures = () => useContext(Figures);
/** The server's time at this second. */
export const useServerNowMs = () => useContext(Clock);

/**
 * Counts the balance down between page loads (Q1): each second by the function that the server uses, and every few seconds a
 * question whether anything else has changed. If so, the page is read again, so a banner or a stop shows by itself.
 */
export function LiveBalanceProvider({ rendered, children }: { rendered: Heard; children: ReactNode }) {
  const router = useRouter();
  const [heard, setHeard] = useState(rendered);
  const [nowMs, setNowMs] = useState(rendered.serverNowMs);
  const aheadMs = useRef(0);

  if (rendered.serverNowMs > heard.serverNowMs) {
    setHeard(rendered);
    setNowMs(rendered.serverNowMs);
  }
  useEffect(() => {
    aheadMs.current = heard.serverNowMs - Date.now();
  }, [heard.serverNowMs]);

  const isVisible = () => document.visibilityState === "visible";
  const count = useEffectEvent(() => {
    if (isVisible()) setNowMs((last) => Math.max(last, Date.now() + aheadMs.current));
  });
  const ask = useEffectEvent(async () => {
    const answer = isVisible() ? await askForBalance(heard) : null;
    if (answer === "signed_out") router.refresh();
    if (answer === null || answer === "signed_out") return;
    setHeard((last) => (answer.serverNowMs > last.serverNowMs ? answer : last));
    if (answer.signature !== rendered.signature && answer.serverNowMs > rendered.serverNowMs) router.refresh();
  });
  useEffect(() => {
    const counting = setInterval(() => count(), COUNT_INTERVAL_MS);
    const asking = setInterval(() => void ask(), ASK_INTERVAL_MS);
    const onVisible = () => void ask();
    document.addEventListener("visibilitychange", onVisible);
    return () => {
      clearInterval(counting);
      clearInterval(asking);
      document.removeEventListener("visibilitychange", onVisible);
    };
  }, []);

  const { balance } = heard;
  const countedMs = balance ? countedUntilMs(balance, heard.serverNowMs, nowMs) : nowMs;
  const figures = balance && {
    balance,
    nowMs,
    countedUntilMs: countedMs,
    remainingMicro: remainingMicroAt(balance, countedMs),
  };
  return (
    <Clock value={nowMs}>
      <Figures value={figures}>{children}</Figures>
    </Clock>
  );
}

/** Null: no answer this time. The next question may have one; meanwhile the count stops by itself after a while. */
async function askForBalance(last: Heard): Promise<Heard | "signed_out" | null> {
  try {
    const response = await fetch("/api/balance", { headers: { "If-None-Match": `"${last.signature}"` } });
    if (response.status === 304) return { ...last, serverNowMs: Number(response.headers.get("X-Server-Now-Ms")) };
    if (response.status === 401) return "signed_out";
    return response.ok ? ((await response.json()) as Heard) : null;
  } catch {
    return null;
  }
}
