import type { ResourceKind } from "@/lib/billing/kinds";

/**
 * What a platform is to Podmeter: a place where pods live. A driver only observes and acts. Intervals, money, retries
 * and verification live above it, once, for all drivers.
 */
export interface Platform {
  readonly name: string;
  /** Shown wherever a pod is shown, so that nobody takes a local process for a GPU. */
  readonly label: string;
  /** Everything that can be deployed here. */
  programs(): readonly Program[];
  /**
   * All pods that run now, and those that finished lately (for at least a week). Complete, or it throws: an
   * answer that is partial or unreadable is "unknown" and must never be taken for "nothing runs".
   */
  snapshot(): Promise<PlatformSnapshot>;
  /**
   * Make `spec.replicas` pods of this deployment run. Idempotent: replicas that run already are left alone, missing
   * ones are started, those above the number are stopped. Refused with `account_closed` while the gate is closed.
   */
  deploy(spec: DeploymentSpec): Promise<void>;
  /**
   * Ask all pods of the deployment to end: their signal, the grace period, then the end by force. Returns as soon as
   * it is asked, not when they are gone; called again (same operation or another) it goes on where it stands, and uses
   * force once the grace period has passed. A deployment that nobody knows is already stopped.
   */
  stop(ref: DeploymentRef, options: { operationId: string }): Promise<void>;
  /** A second lock under the database's: while closed, the platform itself refuses new pods of the account. */
  setGate(accountId: number, closed: boolean): Promise<void>;
}

export type DeploymentRef = { accountId: number; deploymentId: number };

export type DeploymentSpec = DeploymentRef & {
  name: string;
  kind: ResourceKind;
  programId: string;
  profileId: string;
  replicas: number;
  graceSeconds: number;
};

export type Program = {
  id: string;
  kind: ResourceKind;
  title: string;
  /** One sentence for the person who chooses. */
  summary: string;
  /** As shown in tables, "Python 3.12", "Node.js 20". */
  language: string;
};

export type PodPhase = "pending" | "running" | "finished";

/** One run of one replica. A container that restarts is a new run, with a uid of its own. */
export type ObservedPod = DeploymentRef & {
  podUid: string;
  replicaIndex: number;
  phase: PodPhase;
  /** When it began to run (not when it was asked for); null while it is pending. Whole milliseconds. */
  startedAt: Date | null;
  /** When it ended, as the platform knows it; null while it runs, or when the end was not recorded. */
  finishedAt: Date | null;
  /** Where it answers, once it does. */
  endpoint: string | null;
};

export type PlatformSnapshot = {
  /** Taken before the first pod was looked at: whatever started later may be missing, whatever is listed as running ran then. */
  observedAt: Date;
  pods: ObservedPod[];
};
