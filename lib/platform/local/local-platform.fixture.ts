import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, vi } from "vitest";
import type { DeploymentSpec, ObservedPod, Platform } from "@/lib/platform/platform";
import { createLocalPlatform } from "./local-platform";
import { isAlive } from "./processes";
import { type Claim, isClaim, readClaim } from "./run-records";
import { stopAllPods } from "./stop-all";

export const ACCOUNT = 7;
export const REF = { accountId: ACCOUNT, deploymentId: 42 };

export function aSpec(overrides: Partial<DeploymentSpec> = {}): DeploymentSpec {
  const spec: DeploymentSpec = {
    ...REF,
    name: "greeter",
    kind: "script",
    programId: "hello-http",
    profileId: "script-1x2",
    replicas: 1,
    graceSeconds: 20,
  };
  return { ...spec, ...overrides };
}

/** A pods folder per test; whatever the test leaves running is ended with it. */
export function usePods() {
  const pods = {
    dir: "",
    platform(offsetMs = 0): Platform {
      return createLocalPlatform({ podsDir: pods.dir, now: () => new Date(Date.now() + offsetMs) });
    },
    deploymentDir: () => join(pods.dir, String(ACCOUNT), String(REF.deploymentId)),
    runDir: (run = "r0.1") => join(pods.deploymentDir(), run),
    async claim(run = "r0.1"): Promise<Claim> {
      return vi.waitFor(async () => {
        const claim = await readClaim(pods.runDir(run));
        if (!isClaim(claim)) throw new Error(`${run} has no process yet`);
        return claim;
      }, PATIENCE);
    },
    async runs(): Promise<string[]> {
      return (await readdir(pods.deploymentDir())).filter((name) => name.startsWith("r")).sort();
    },
  };
  beforeEach(async () => {
    pods.dir = await mkdtemp(join(tmpdir(), "podmeter-pods-"));
  });
  afterEach(async () => {
    await stopAllPods(pods.dir, { graceMs: 0 }).finally(() => rm(pods.dir, { recursive: true, force: true }));
  });
  return pods;
}

const PATIENCE = { timeout: 30_000, interval: 30 };

/** Waits until the platform shows what is expected; how long that takes does not matter. */
export async function eventually(
  platform: Platform,
  expectation: (pods: ObservedPod[]) => void | Promise<void>,
): Promise<ObservedPod[]> {
  return vi.waitFor(async () => {
    const { pods } = await platform.snapshot();
    await expectation(pods);
    return pods;
  }, PATIENCE);
}

/** Waits until exactly so many pods run and answer, and nothing is pending. */
export async function eventuallyAnswering(platform: Platform, count: number): Promise<ObservedPod[]> {
  const pods = await eventually(platform, (seen) => {
    expect(seen.filter((pod) => pod.phase === "running" && pod.endpoint !== null)).toHaveLength(count);
    expect(seen.filter((pod) => pod.phase === "pending")).toHaveLength(0);
  });
  return pods.filter((pod) => pod.phase === "running");
}

export async function eventuallyGone({ program, supervisor }: Claim): Promise<void> {
  await vi.waitFor(
    async () => expect([await isAlive(program), await isAlive(supervisor)]).toEqual([false, false]),
    PATIENCE,
  );
}

export function only<T>(items: readonly T[]): T {
  const [item] = items;
  if (item === undefined || items.length !== 1) throw new Error(`expected one, got ${items.length}`);
  return item;
}
