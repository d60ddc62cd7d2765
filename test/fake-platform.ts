import type { DeploymentRef, DeploymentSpec, ObservedPod, Platform, PlatformSnapshot } from "@/lib/platform/platform";

/**
 * A fake platform: pods are entries in a list, and its clock is the test's. For what needs instants to the millisecond, lost answers and
 * histories of days. Processes are the local platform's business.
 */
export class FakePlatform implements Platform {
  readonly name = "fake";
  readonly label = "fake";
  readonly pods: ObservedPod[] = [];
  readonly stopped: DeploymentRef[] = [];
  failure: Error | null = null;
  private serial = 0;

  constructor(private readonly clock: { now: Date }) {}

  programs() {
    return [{ id: "hello-http", kind: "script" as const, title: "Hello", summary: "Answers", language: "Node.js 20" }];
  }

  async snapshot(): Promise<PlatformSnapshot> {
    if (this.failure) throw this.failure;
    return { observedAt: this.clock.now, pods: this.pods.map((pod) => ({ ...pod })) };
  }

  async deploy(spec: DeploymentSpec): Promise<void> {
    if (this.failure) throw this.failure;
    for (let index = this.alive(spec).length; index < spec.replicas; index++) this.start(spec, index);
  }

  async stop(ref: DeploymentRef): Promise<void> {
    if (this.failure) throw this.failure;
    this.stopped.push(ref);
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
}
