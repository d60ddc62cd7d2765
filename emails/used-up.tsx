import type { Meter } from "@/lib/billing/kinds";
import { formatCount } from "@/lib/format";
import type { AccountFacts } from "./facts";
import type { Letter } from "./letter";
import { Paragraph } from "./parts";
import { addMore, spendLess } from "./steps";
import { creditsText, disabledNext, disabledNow, limitOf, subjectFor } from "./wording";

/** No credits or no runs are left (N4, A2, A5). */
export function usedUpLetter(facts: AccountFacts, meter: Meter): Letter {
  return meter === "credits" ? creditsUsedUp(facts) : runsUsedUp(facts);
}

function creditsUsedUp(facts: AccountFacts): Letter {
  const total = creditsText(facts.grantedMicro);
  return {
    subject: subjectFor(`Your credits are used up: nothing new can be started, all stops at ${limitOf(facts)}`, facts),
    preview: `All of the ${total} credits of ${facts.accountName} are used. What runs goes on until ${limitOf(facts)}.`,
    headline: "Your credits are used up",
    story: (
      <Paragraph>
        {facts.accountName} has used all of its {total} credits. What runs goes on for now, into negative credits, and
        is stopped at {limitOf(facts)}.
      </Paragraph>
    ),
    meaning: [...disabledNow(facts), ...disabledNext(facts)],
    steps: [addMore("credits", facts), ...spendLess(facts)],
    button: { label: "See where the credits went", page: "usage" },
    meter: "credits",
    facts: [],
  };
}

function runsUsedUp(facts: AccountFacts): Letter {
  const total = formatCount(facts.runsGranted);
  return {
    subject: subjectFor("Your workflow runs are used up: no workflow can be run", facts),
    preview: `All of the ${total} workflow runs of ${facts.accountName} are used.`,
    headline: "Your workflow runs are used up",
    story: (
      <Paragraph>
        {facts.accountName} has used all of its {total} workflow runs. Workflows that are called now are refused;
        deployments are not affected.
      </Paragraph>
    ),
    meaning: disabledNow(facts, "runs"),
    steps: [addMore("runs", facts)],
    button: { label: "See where the runs went", page: "usage" },
    meter: "runs",
    facts: [],
  };
}
