import type { Meter, ResourceKind } from "@/lib/billing/kinds";

/** What every mail says (N4): whose account, what is left, how long it lasts. Instants are written in the account's time zone. */
export type AccountFacts = {
  accountName: string;
  accountPublicId: string;
  timeZone: string;
  remainingMicro: bigint;
  grantedMicro: bigint;
  runsRemaining: bigint;
  runsGranted: bigint;
  negativeLimitMicro: bigint;
  burnRateMicroPerHour: bigint;
  usedUpAt: Date | null;
  stopAt: Date | null;
  appUrl: string;
  supportEmail: string;
};

export type DeploymentFacts = {
  name: string;
  kind: ResourceKind;
  profileTitle: string;
  replicas: number;
  endpoint: string | null;
  rateMicroPerHour: bigint;
  creditsMicro: bigint;
  startedAt: Date | null;
  endedAt: Date | null;
};

/** One mail. The values of a crossing are those at the crossing, not at the sending. */
export type Mail =
  | { kind: "threshold"; meter: Meter; threshold: number; remaining: bigint; granted: bigint }
  | { kind: "used_up"; meter: Meter }
  | { kind: "limit_reached"; deployments: string[] }
  | { kind: "stopped"; deployment: DeploymentFacts }
  | { kind: "deployed"; deployment: DeploymentFacts }
  | { kind: "undeployed"; deployment: DeploymentFacts; by: string }
  | { kind: "deploy_failed"; deployment: DeploymentFacts; reason: string };

export type RenderedMail = { subject: string; html: string; text: string };
