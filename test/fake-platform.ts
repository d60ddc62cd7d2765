import type { DeploymentRef, DeploymentSpec, ObservedPod, Platform, PlatformSnapshot } from "@/lib/platform/platform";

/**
 * A fake platform: pods are entries in a list, and its clock is the test's. For what needs instants to the millisecond, lost answers and
 * histories of days. Processes are the local platform's business.
 */
export class FakePlatform implements Platform {
  readonly label = "fake";
  /** What truly runs and ran. */
  readonly pods: ObservedPod[] = [];
  /** Each stop that it was asked for, in order. */
  readonly stops: (DeploymentRef & { operationId: string })[] = [];
  failure: Error | null = null;
  /** What a snapshot shows of a pod, where that is not the truth yet; null: nothing. */
  veil: (pod: ObservedPod) => ObservedPod | null = (pod) => pod;
  private serial = 0;

  constructor(
    private readonly clock: { now: Date },
    readonly name = "fake",
  ) {}

  programs() {
    return [
      { id: "hello-http", kind: "script" as const, title: "Hello", summary: "Answers", language: "Node.js 20" },
      { id: "echo-model", kind: "model" as const, title: "Echo", summary: "Repeats", language: "Node.js 20" },
    ];
  }

  async snapshot(): Promise<PlatformSnapshot> {
    if (this.failure) throw this.failure;
    const pods = this.pods.flatMap((pod) => this.veil({ ...pod }) ?? []);
    return { observedAt: this.clock.now, pods };
  }

  async deploy(spec: DeploymentSpec): Promise<void> {
    if (this.failure) throw this.failure;
    for (let index = this.alive(spec).length; index < spec.replicas; index++) this.start(spec, index);
  }

  async stop(ref: DeploymentRef, { operationId }: { operationId: string }): Promise<void> {
    if (this.failure) throw this.failure;
    this.stops.push({ accountId: ref.accountId, deploymentId: ref.deploymentId, operationId });
    for (const pod of this.alive(ref)) this.end(pod);
  }

  async setGate(): Promise<void> {
    if (this.failure) throw this.failure;
  }

  /** Starts one pod now. */
  start(ref: DeploymentRef, replicaIndex = 0): ObservedPod {
    const pod: ObservedPod = {
      accountId: ref.accountId,
      deploymentId: ref.deploymentId,
      podUid: `fake-${++this.serial}`,
      replicaIndex,
      phase: "running",
      startedAt: this.clock.now,
      finishedAt: null,
      endpoint: `http://localhost/${this.serial}`,
    };
    this.pods.push(pod);
    return pod;
  }

  end(pod: ObservedPod): void {
    pod.phase = "finished";
    pod.finishedAt = this.clock.now;
  }

  alive(ref: DeploymentRef): ObservedPod[] {
    return this.pods.filter(
      (pod) => pod.accountId === ref.accountId && pod.deploymentId === ref.deploymentId && pod.phase !== "finished",
    );
  }

  stopsOf(ref: DeploymentRef): string[] {
    return this.stops
      .filter((stop) => stop.accountId === ref.accountId && stop.deploymentId === ref.deploymentId)
      .map((stop) => stop.operationId);
  }
}
