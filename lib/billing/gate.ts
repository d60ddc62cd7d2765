import type { ResourceKind } from "./kinds";

/** What the gate needs to know of an account, at one instant. */
export type GateState = {
  remainingMicro: bigint;
  deployFloorMicro: bigint;
  remainingRuns: bigint;
  /** Closed by the negative limit (E4); opened again by a top-up. */
  closed: boolean;
};

export type RefusalCode =
  | "account_closed"
  | "no_credits_left"
  | "below_deploy_floor"
  | "below_fine_tuning_floor"
  | "no_runs_left";
export type GateDecision = { allowed: true } | { allowed: false; code: RefusalCode };

/** The message of A6, word for word. */
export const STOPPED_MESSAGE =
  "You've used all your available credits. Please add more credits to your account to continue.";

/**
 * May a new deployment of this kind be made? Refused while the account is closed, with nothing left, and at or below
 * the deploy floor. Workflows cost runs, not credits, so credits do not hold them back. (A2, A4, E4)
 */
export function decideDeploy(kind: ResourceKind, state: GateState): GateDecision {
  if (kind === "workflow") return decideRun(state, 1n);
  if (state.closed) return { allowed: false, code: "account_closed" };
  if (state.remainingMicro <= 0n) return { allowed: false, code: "no_credits_left" };
  if (state.remainingMicro <= state.deployFloorMicro) return { allowed: false, code: "below_deploy_floor" };
  return { allowed: true };
}

/** May this many workflow runs be made? (A2) */
export function decideRun(state: GateState, runs: bigint): GateDecision {
  return state.remainingRuns >= runs ? { allowed: true } : { allowed: false, code: "no_runs_left" };
}

/** The credits that must remain (strictly more than these) to start a fine-tuning job. (A8) */
export const FINE_TUNING_FLOOR_MICRO = 25_000_000n;

/** May a fine-tuning job be started? (A2, A8, E4) */
export function decideFineTuning(state: GateState): GateDecision {
  if (state.closed) return { allowed: false, code: "account_closed" };
  if (state.remainingMicro <= 0n) return { allowed: false, code: "no_credits_left" };
  if (state.remainingMicro <= FINE_TUNING_FLOOR_MICRO) return { allowed: false, code: "below_fine_tuning_floor" };
  return { allowed: true };
}
