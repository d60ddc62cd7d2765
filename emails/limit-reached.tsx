import { formatCount } from "@/lib/format";
import type { AccountFacts } from "./facts";
import type { Letter } from "./letter";
import { Bullets, Paragraph } from "./parts";
import { addMore } from "./steps";
import { disabledNow, limitOf, subjectFor } from "./wording";

const MOST_NAMES = 20;

/** The negative limit is reached: the account is closed and all of it is being stopped (N4, A6, E4). */
export function limitReachedLetter(facts: AccountFacts, deployments: string[]): Letter {
  return {
    subject: subjectFor(`Everything is being stopped: your credits are at the limit of ${limitOf(facts)}`, facts),
    preview: `${facts.accountName} has reached its limit of ${limitOf(facts)} credits.`,
    headline: "Your credits are at the limit: everything is being stopped",
    story: (
      <>
        <Paragraph>
          {facts.accountName} has used all of its credits and has reached its limit of {limitOf(facts)}.{" "}
          {deployments.length === 0 ? "No deployment was running." : "These deployments are being stopped:"}
        </Paragraph>
        {deployments.length > 0 && <Bullets items={named(deployments)} />}
      </>
    ),
    meaning: [
      ...disabledNow(facts),
      ...(deployments.length > 0
        ? ["Each deployment gets its time to end in order, and is billed until it has ended. A mail says when it has."]
        : []),
    ],
    steps: [addMore("credits", facts), "When credits have been added, deploy again what you need."],
    button: { label: "See where the credits went", page: "usage" },
    meter: "credits",
    facts: [],
  };
}

function named(deployments: string[]): string[] {
  const more = deployments.length - MOST_NAMES;
  return more > 0 ? [...deployments.slice(0, MOST_NAMES), `and ${formatCount(more)} more`] : deployments;
}
