import type { ReactNode } from "react";
import type { Meter } from "@/lib/billing/kinds";
import type { AccountFacts } from "./facts";
import { SupportLink } from "./parts";

/** How to get more (A2, A3). */
export function addMore(meter: Meter, facts: AccountFacts): ReactNode {
  return (
    <>
      To add {meter}, write to <SupportLink facts={facts} /> and name the account {facts.accountPublicId}. What is added
      is in force at once.
    </>
  );
}

/** How to make what is left last longer; nothing to say when nothing runs. */
export function spendLess(facts: AccountFacts): ReactNode[] {
  if (facts.burnRateMicroPerHour <= 0n) return [];
  return ["To make the credits last longer, undeploy what you do not need: it stops costing when it has ended."];
}
