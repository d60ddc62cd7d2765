"use client";

import { burnedMicro } from "@/lib/billing/burn";
import { formatCredits, formatDuration } from "@/lib/format";
import { useLiveFigures, useServerNowMs } from "./live-balance-provider";

/** Time left until an instant, second by second. */
export function Countdown({ untilMs, over }: { untilMs: number; over: string }) {
  const leftMs = untilMs - useServerNowMs();
  return <span className="figures">{leftMs > 0 ? formatDuration(leftMs) : over}</span>;
}

/** Credits that go on at a rate, from what they were at an instant; they stand still where there is no live balance to go by. */
export function RunningCredits({
  creditsMicro,
  rateMicroPerHour,
  sinceMs,
  digits,
}: {
  creditsMicro: string;
  rateMicroPerHour: string;
  sinceMs: number;
  digits: 2 | 4;
}) {
  const untilMs = useLiveFigures()?.countedUntilMs ?? sinceMs;
  const now = BigInt(creditsMicro) + burnedMicro(BigInt(rateMicroPerHour), sinceMs, untilMs);
  return <span className="figures">{formatCredits(now, digits)}</span>;
}
