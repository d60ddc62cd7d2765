import type { GateDecision } from "@/lib/billing/gate";
import { assertAllowed } from "@/lib/credits/refusals";
import { describeError } from "@/lib/errors";
import { runtime } from "@/lib/runtime";

/** The words with which the gate would refuse, so that a page can say so up front; null when it would not. (A2) */
export function refusalOf(decision: GateDecision): string | null {
  try {
    assertAllowed(decision, runtime().env.SUPPORT_EMAIL);
    return null;
  } catch (error) {
    return describeError(error).message;
  }
}
