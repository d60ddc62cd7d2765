/** A plan: limits (A4, A6, A10), and what each billing cycle brings (A9). The limits are positive; the negative limit lies that far below zero. */
export type Plan = {
  planId: string;
  name: string;
  negativeLimitMicro: bigint;
  deployFloorMicro: bigint;
  cycleCreditsMicro: bigint;
  cycleRuns: bigint;
};

/** A new account's free grants (A1). */
export const FREE_CREDITS_MICRO = 75_000_000n;
export const FREE_RUNS = 10_000n;

/** A10 for paid plans: 10 % and 2 % of the plan's grant, rounded down to whole micro-credits. */
export function paidPlan(planId: string, name: string, grantMicro: bigint, cycleRuns: bigint): Plan {
  return {
    planId,
    name,
    negativeLimitMicro: grantMicro / 10n,
    deployFloorMicro: grantMicro / 50n,
    cycleCreditsMicro: grantMicro,
    cycleRuns,
  };
}

/** Written to the database once, at the first start; plans change there. */
export const DEFAULT_PLANS: readonly Plan[] = [
  {
    planId: "free",
    name: "Free",
    negativeLimitMicro: 5_000_000n,
    deployFloorMicro: 1_000_000n,
    cycleCreditsMicro: 0n,
    cycleRuns: 0n,
  },
  paidPlan("team", "Team", 300_000_000n, 10_000n),
  paidPlan("scale", "Scale", 3_000_000_000n, 100_000n),
];
