import type { SeenPod } from "./reconcile";

/** What is wanted of a deployment that is neither ended nor failed, and how far it is. */
export type WantedDeployment = {
  accountId: number;
  deploymentId: number;
  wanted: "running" | "stopped";
  status: "deploying" | "deployed" | "stopping";
  replicas: number;
};

export type DeploymentRef = { accountId: number; deploymentId: number };

export type Convergence = {
  /** Answers for the first time; where it answers: its first replica that does, and of that the newest run. */
  ready: (DeploymentRef & { endpoint: string })[];
  /** Ordered to stop, and nothing of it is left. */
  gone: DeploymentRef[];
  /** Runs although nobody wants it. */
  back: DeploymentRef[];
  /** Has fewer pods than it should. */
  missing: DeploymentRef[];
};

export type ObservedReplica = SeenPod & { replicaIndex: number; endpoint: string | null };

/**
 * Holds what is wanted against what a complete observation shows (SPEC E3, D1). Says what differs; does nothing, so it may be asked
 * any number of times.
 */
export function converge(deployments: readonly WantedDeployment[], pods: readonly ObservedReplica[]): Convergence {
  const alive = new Map<string, ObservedReplica[]>();
  for (const pod of pods) {
    if (pod.phase === "finished") continue;
    const key = keyOf(pod);
    alive.set(key, [...(alive.get(key) ?? []), pod]);
  }
  const result: Convergence = { ready: [], gone: [], back: [], missing: [] };
  const known = new Set<string>();
  for (const deployment of deployments) {
    const ref = { accountId: deployment.accountId, deploymentId: deployment.deploymentId };
    const key = keyOf(ref);
    known.add(key);
    const replicas = alive.get(key) ?? [];
    if (deployment.wanted === "stopped") {
      if (replicas.length === 0) result.gone.push(ref);
      continue;
    }
    if (replicas.length < deployment.replicas) result.missing.push(ref);
    const answering = replicas
      .filter((pod) => pod.phase === "running" && pod.endpoint !== null)
      .sort((a, b) => a.replicaIndex - b.replicaIndex || (b.startedAtMs ?? 0) - (a.startedAtMs ?? 0))[0];
    if (deployment.status === "deploying" && answering?.endpoint)
      result.ready.push({ ...ref, endpoint: answering.endpoint });
  }
  for (const [key, [pod]] of alive) {
    if (pod && !known.has(key)) result.back.push({ accountId: pod.accountId, deploymentId: pod.deploymentId });
  }
  return result;
}

const keyOf = (ref: DeploymentRef) => `${ref.accountId}/${ref.deploymentId}`;
