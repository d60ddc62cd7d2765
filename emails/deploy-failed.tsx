import type { AccountFacts, DeploymentFacts } from "./facts";
import type { Letter } from "./letter";
import { Command, Paragraph, SupportLink } from "./parts";
import { deploymentFacts, disabledNow, shorten, subjectFor, titleOf } from "./wording";

/** A deployment could not be brought up (N4). */
export function deployFailedLetter(facts: AccountFacts, deployment: DeploymentFacts, reason: string): Letter {
  return {
    subject: subjectFor(`Deployment failed: ${titleOf(deployment, shorten(deployment.name))}`, facts),
    preview: reason,
    headline: `${deployment.name} could not be deployed`,
    story: (
      <>
        <Paragraph>{titleOf(deployment)} did not come up. The reason, as the platform gave it:</Paragraph>
        <Command>{reason}</Command>
      </>
    ),
    meaning: ["It is not running, and nothing more is billed for it.", ...disabledNow(facts)],
    steps: [
      "Mend what the reason names, then deploy it again.",
      <>
        If the reason does not help, write to <SupportLink facts={facts} /> and name the account {facts.accountPublicId}
        .
      </>,
    ],
    button: { label: "Open the deployments", page: "deployments" },
    meter: "credits",
    facts: deploymentFacts(deployment, facts),
  };
}
