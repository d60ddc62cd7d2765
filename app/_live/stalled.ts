import type { AccountBalance } from "@/lib/credits/read-balance";

/** Where the count stands still because the platform has not answered for a while; null while it goes on. (C5) */
export function stalledAtMs(balance: AccountBalance, nowMs: number): number | null {
  return balance.untilMs < nowMs ? balance.untilMs : null;
}
