import { MICRO_PER_CREDIT } from "@/lib/billing/amount";

/** Two decimals, or four where amounts are fractions of a credit. */
export function creditDigits(creditsMicro: bigint): 2 | 4 {
  return creditsMicro < MICRO_PER_CREDIT ? 4 : 2;
}
