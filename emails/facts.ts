import type { Meter, ResourceKind } from "@/lib/billing/kinds";

/** What every mail says (N4): whose account, what is left, how long it lasts. Instants are written in the account's time zone. */
export type AccountFacts = {
  accountName: string;
  accountPublicId: string;
  timeZone: string;
  /** The instant at which the figures below hold; a mail is read later. */
  asOf: Date;
  remainingMicro: bigint;
  grantedMicro: bigint;
  runsRemaining: bigint;
  runsGranted: bigint;
  negativeLimitMicro: bigint;
  deployFloorMicro: bigint;
  /** Closed for new deployments, by the negative limit (E4). */
  closed: boolean;
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
  /** All replicas together. */
  rateMicroPerHour: bigint;
  creditsMicro: bigint;
  startedAt: Date | null;
  endedAt: Date | null;
};

/** A threshold that was crossed, with the values at the crossing, not at the sending. */
export type Crossing = { meter: Meter; threshold: number; remaining: bigint; granted: bigint };
