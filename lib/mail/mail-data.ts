import type { AccountFacts, Crossing, DeploymentFacts } from "@/emails/facts";
import type { Meter } from "@/lib/billing/kinds";

export type { AccountFacts, DeploymentFacts };

/** One mail. The values of a crossing are those at the crossing, not at the sending. */
export type Mail =
  | ({ kind: "threshold" } & Crossing)
  | { kind: "used_up"; meter: Meter }
  | { kind: "limit_reached"; deployments: string[] }
  | { kind: "stopped"; deployment: DeploymentFacts }
  | { kind: "deployed"; deployment: DeploymentFacts }
  | { kind: "undeployed"; deployment: DeploymentFacts; by: string }
  | { kind: "deploy_failed"; deployment: DeploymentFacts; reason: string };

export type RenderedMail = { subject: string; html: string; text: string };
