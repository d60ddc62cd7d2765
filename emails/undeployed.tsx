import type { AccountFacts, DeploymentFacts } from "./facts";
import type { Letter } from "./letter";
import { Paragraph, SupportLink } from "./parts";
import { creditsText, deploymentFacts, disabledNow, shorten, subjectFor, titleOf, when } from "./wording";

/** A deployment has ended because someone wished it (N4). */
export function undeployedLetter(facts: AccountFacts, deployment: DeploymentFacts, by: string): Letter {
  const credits = `${creditsText(deployment.creditsMicro)} credits`;
  return {
    subject: subjectFor(`Undeployed: ${titleOf(deployment, shorten(deployment.name))}, ${credits} used`, facts),
    preview: `It was undeployed by ${by} and used ${credits}.`,
    headline: `${deployment.name} is undeployed`,
    story: (
      <Paragraph>
        {titleOf(deployment)} was undeployed by {by}
        {deployment.endedAt && ` and ended on ${when(deployment.endedAt, facts)}`}. It used {credits}.
      </Paragraph>
    ),
    meaning: ["Its endpoint no longer answers, and nothing more is billed for it.", ...disabledNow(facts)],
    steps: [
      "If you still need it, deploy it again.",
      <>
        If you did not expect this, ask {by}, or write to <SupportLink facts={facts} />.
      </>,
    ],
    button: { label: "Open the deployments", page: "deployments" },
    meter: "credits",
    facts: deploymentFacts(deployment, facts),
  };
}
