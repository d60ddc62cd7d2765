import { STOPPED_MESSAGE } from "@/lib/billing/gate";
import type { AccountFacts, DeploymentFacts } from "./facts";
import type { Letter } from "./letter";
import { Paragraph } from "./parts";
import { addMore } from "./steps";
import { deploymentFacts, disabledNow, limitOf, shorten, subjectFor, titleOf, when } from "./wording";

/** A deployment has been stopped by the negative limit, with proof that it has ended (N4, A6, E3). */
export function stoppedLetter(facts: AccountFacts, deployment: DeploymentFacts): Letter {
  return {
    subject: subjectFor(`Stopped: ${titleOf(deployment, shorten(deployment.name))}, your credits are used up`, facts),
    preview: STOPPED_MESSAGE,
    headline: `${deployment.name} was stopped`,
    story: (
      <>
        <Paragraph>
          <strong>{STOPPED_MESSAGE}</strong>
        </Paragraph>
        <Paragraph>
          {titleOf(deployment)} was stopped{deployment.endedAt && ` on ${when(deployment.endedAt, facts)}`}, because{" "}
          {facts.accountName} reached its limit of {limitOf(facts)} credits.
        </Paragraph>
      </>
    ),
    meaning: ["Its endpoint no longer answers, and nothing more is billed for it.", ...disabledNow(facts)],
    steps: [addMore("credits", facts), "When credits have been added, deploy it again."],
    button: { label: "See where the credits went", page: "usage" },
    meter: "credits",
    facts: deploymentFacts(deployment, facts),
  };
}
