import { type GateDecision, type RefusalCode, STOPPED_MESSAGE } from "@/lib/billing/gate";
import { PodmeterError } from "@/lib/errors";

/** What is missing, and how to get more (A2). */
const WORDS: Record<RefusalCode, (support: string) => string> = {
  account_closed: (support) => `${STOPPED_MESSAGE} To add credits, write to ${support}.`,
  no_credits_left: (support) =>
    `There are no credits left, so nothing that costs credits can be started. To add credits, write to ${support}.`,
  below_deploy_floor: (support) =>
    `The credits left are at or below what your plan keeps back for what runs already, so nothing new can be deployed. To add credits, write to ${support}.`,
  below_fine_tuning_floor: (support) =>
    `A fine-tuning job starts only with more than 25 credits left, and there are not so many. To add credits, write to ${support}.`,
  no_runs_left: (support) =>
    `There are no workflow runs left, so no workflow can be run. To add runs, write to ${support}.`,
};

/** Throws the refusal of a gate's decision, in words; returns when it is allowed. */
export function assertAllowed(decision: GateDecision, supportEmail: string): void {
  if (!decision.allowed) throw new PodmeterError(decision.code, WORDS[decision.code](supportEmail));
}
