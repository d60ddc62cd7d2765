import { formatRate } from "@/lib/format";
import type { AccountFacts, DeploymentFacts } from "./facts";
import type { Letter } from "./letter";
import { Command, Paragraph } from "./parts";
import { deploymentFacts, disabledNow, type Fact, shorten, subjectFor, titleOf } from "./wording";

/** A deployment runs and answers (N4). */
export function deployedLetter(facts: AccountFacts, deployment: DeploymentFacts): Letter {
  const { endpoint } = deployment;
  const rate = `${formatRate(deployment.rateMicroPerHour)} credits per hour`;
  return {
    subject: subjectFor(`Deployed: ${titleOf(deployment, shorten(deployment.name))} is running`, facts),
    preview: endpoint ? `Its endpoint is ${endpoint}` : `It costs ${rate} while it runs.`,
    headline: `${deployment.name} is deployed`,
    story: endpoint ? (
      <>
        <Paragraph>{titleOf(deployment)} is running and answers at its endpoint. To call it:</Paragraph>
        <Command>{`curl -sS ${quoted(endpoint)}`}</Command>
        {isLoopback(endpoint) && (
          <Paragraph>The address is a local one: it answers on the machine where the deployment runs.</Paragraph>
        )}
      </>
    ) : (
      <Paragraph>{titleOf(deployment)} is running. It has no endpoint to call.</Paragraph>
    ),
    meaning: [`It costs ${rate} while it runs, all replicas together.`, ...disabledNow(facts)],
    steps: ["Undeploy it when you no longer need it: it stops costing when it has ended."],
    button: { label: "Open the deployments", page: "deployments" },
    meter: "credits",
    facts: [...(endpoint ? [endpointFact(endpoint)] : []), ...deploymentFacts(deployment, facts)],
  };
}

function endpointFact(endpoint: string): Fact {
  return { label: "Endpoint", value: endpoint, link: webAddress(endpoint) ? endpoint : undefined };
}

function webAddress(text: string): URL | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  return url && ["http:", "https:"].includes(url.protocol) ? url : null;
}

function isLoopback(endpoint: string): boolean {
  const host = webAddress(endpoint)?.hostname ?? "";
  return host === "localhost" || host === "[::1]" || host.startsWith("127.");
}

/** As one word of a shell, whatever is in it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
