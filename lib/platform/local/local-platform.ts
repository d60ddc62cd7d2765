import { access, mkdir, rm, writeFile } from "node:fs/promises";
import { z } from "zod";
import { PodmeterError } from "@/lib/errors";
import type { DeploymentRef, DeploymentSpec, ObservedPod, Platform, PlatformSnapshot } from "@/lib/platform/platform";
import { endRun, markStopAsked, signalRun } from "./end-run";
import { mapBounded, writtenAt } from "./files";
import { keepHouse, lastOutput } from "./housekeeping";
import {
  accountDir,
  type DeploymentFolder,
  deploymentFolder,
  deploymentSpecSchema,
  gateFile,
  listDeployments,
  listRunFolders,
  type RunFolder,
  readSpecFile,
  writeSpecFile,
} from "./layout";
import { LOCAL_PROGRAMS } from "./programs";
import { decideRestart } from "./restart-rule";
import { createRunObserver, observeReadableRuns, observeRuns, type Run } from "./runs";
import { startRun } from "./start-run";

// Files are stamped by the kernel's coarse clock, which lags by up to this much. Observations are dated as much earlier,
// so that an end which is recorded after an observation can never seem to lie before it.
const FILE_CLOCK_LAG_MS = 10;

/** Pods as real processes of this machine. All state lies in `podsDir`: any worker here sees and finishes any other's work. */
export function createLocalPlatform(options: { podsDir: string; now?: () => Date }): Platform {
  const { podsDir, now = () => new Date() } = options;
  const observeKnownRuns = createRunObserver();
  let prepared = false;

  /** The folder is made once per driver: if it vanishes later, that is an error and not an empty platform. */
  async function prepare(): Promise<void> {
    if (prepared) return access(podsDir);
    await mkdir(podsDir, { recursive: true });
    prepared = true;
  }

  async function snapshot(): Promise<PlatformSnapshot> {
    const startedLooking = now();
    await prepare();
    const folders = await mapBounded(await listDeployments(podsDir), listCheckedRunFolders);
    const runs = await keepHouse(await observeKnownRuns(folders.flat(), startedLooking), startedLooking);
    return { observedAt: new Date(startedLooking.getTime() - FILE_CLOCK_LAG_MS), pods: runs.map(toObservedPod) };
  }

  async function deploy(input: DeploymentSpec): Promise<void> {
    const spec = parseSpec(input);
    await prepare();
    await assertGateOpen(podsDir, spec);
    const deployment = deploymentFolder(podsDir, spec);
    await mkdir(deployment.dir, { recursive: true });
    await writeSpecFile(deployment, { wantedReplicas: spec.replicas, spec });
    const runs = await observeRuns(await listRunFolders(deployment), now());
    await endSurplus(runs, spec);
    const replicas = Array.from({ length: spec.replicas }, (_, replicaIndex) => replicaIndex);
    const problems = await mapBounded(replicas, (replicaIndex) =>
      converge(deployment, spec, replicaIndex, runs.filter((run) => run.replicaIndex === replicaIndex).reverse()),
    );
    const problem = problems.find((found) => found !== undefined);
    if (problem) throw problem;
  }

  async function endSurplus(runs: readonly Run[], spec: DeploymentSpec): Promise<void> {
    const ask = { operationId: "scale-down", askedAt: now() };
    await mapBounded(
      runs.filter((run) => run.replicaIndex >= spec.replicas),
      (run) => endRun(run, ask),
    );
  }

  /** Returned, not thrown, so that one replica's trouble does not keep the others from starting. */
  async function converge(
    deployment: DeploymentFolder,
    spec: DeploymentSpec,
    replicaIndex: number,
    newestFirst: readonly Run[],
  ): Promise<PodmeterError | undefined> {
    const createdAt = now();
    const [newest] = newestFirst;
    const decision = decideRestart(newestFirst.map(toEarlierRun), createdAt);
    if (decision.action === "start") {
      await startRun(deployment, spec, { replicaIndex, incarnation: (newest?.incarnation ?? 0) + 1, createdAt });
    }
    if (decision.action !== "give_up" || !newest) return undefined;
    return new PodmeterError(
      "conflict",
      `Replica ${replicaIndex} of “${spec.name}” crashed ${decision.crashes} times in a row and is not started again. ` +
        `Undeploy it, then deploy it again to retry. Its last output: ${(await lastOutput(newest)) || "(none)"}`,
    );
  }

  /** Ends what it can, whatever else fails, and reports the trouble afterwards. */
  async function stop(ref: DeploymentRef, { operationId }: { operationId: string }): Promise<void> {
    await prepare();
    const deployment = deploymentFolder(podsDir, ref);
    const ask = { operationId, askedAt: now() };
    const problems: unknown[] = [];
    const goingOn = (work: Promise<unknown>) => work.catch((problem: unknown) => problems.push(problem));
    await goingOn(unwant(deployment));
    const { runs, unreadable } = await observeReadableRuns(await listRunFolders(deployment), ask.askedAt);
    await mapBounded(runs, (run) => goingOn(endRun(run, ask)));
    // Marked although it has ended already: crashes before a stop do not count against the next deployment.
    const newest = new Map(runs.map((run) => [run.replicaIndex, run]));
    await mapBounded([...newest.values()], (run) => goingOn(markStopAsked(run.dir, ask)));
    for (const { dir, error } of unreadable) {
      problems.push(error);
      await goingOn(signalRun(dir, "SIGTERM"));
    }
    const [problem] = problems;
    if (problem) throw problem;
  }

  async function setGate(accountId: number, closed: boolean): Promise<void> {
    await prepare();
    await mkdir(accountDir(podsDir, accountId), { recursive: true });
    if (closed) await writeFile(gateFile(podsDir, accountId), "");
    else await rm(gateFile(podsDir, accountId), { force: true });
  }

  return {
    name: "local",
    label: "local processes",
    programs: () => LOCAL_PROGRAMS,
    snapshot: () => orUnavailable("look at its pods", snapshot),
    deploy: (spec) => orUnavailable("deploy", () => deploy(spec)),
    stop: (ref, by) => orUnavailable("stop a deployment", () => stop(ref, by)),
    setGate: (accountId, closed) => orUnavailable("open or close an account", () => setGate(accountId, closed)),
  };
}

async function listCheckedRunFolders(deployment: DeploymentFolder): Promise<RunFolder[]> {
  const file = await readSpecFile(deployment);
  const folders = await listRunFolders(deployment);
  if (!file && folders.length > 0) {
    throw new PodmeterError(
      "platform_unavailable",
      `${deployment.dir} holds pods but no spec.json. Restore that file.`,
    );
  }
  return folders;
}

/** From here on the shim starts nothing of it. (With a broken spec.json it does not either.) */
async function unwant(deployment: DeploymentFolder): Promise<void> {
  const file = await readSpecFile(deployment);
  if (file && file.wantedReplicas > 0) await writeSpecFile(deployment, { ...file, wantedReplicas: 0 });
}

async function assertGateOpen(podsDir: string, spec: DeploymentSpec): Promise<void> {
  if (!(await writtenAt(gateFile(podsDir, spec.accountId)))) return;
  throw new PodmeterError(
    "account_closed",
    "This account is closed for new deployments because its credits are used up. Add credits, then deploy again.",
  );
}

function parseSpec(input: DeploymentSpec): DeploymentSpec {
  const parsed = deploymentSpecSchema.safeParse(input);
  if (!parsed.success) {
    throw new PodmeterError("invalid_input", `This cannot be deployed: ${z.prettifyError(parsed.error)}`);
  }
  const program = LOCAL_PROGRAMS.find(({ id }) => id === parsed.data.programId);
  if (!program) {
    throw new PodmeterError(
      "not_found",
      `There is no program “${parsed.data.programId}” on this machine. Choose one from the list.`,
    );
  }
  if (program.kind !== parsed.data.kind) {
    throw new PodmeterError("invalid_input", `“${program.title}” is a ${program.kind}, not a ${parsed.data.kind}.`);
  }
  return parsed.data;
}

function toEarlierRun(run: Run) {
  return { ...run, neverStarted: run.claim === "never" };
}

function toObservedPod(run: Run): ObservedPod {
  const { accountId, deploymentId, podUid, replicaIndex, phase, startedAt, finishedAt } = run;
  const endpoint = phase === "running" ? run.endpoint : null;
  return { accountId, deploymentId, podUid, replicaIndex, phase, startedAt, finishedAt, endpoint };
}

async function orUnavailable<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof PodmeterError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PodmeterError("platform_unavailable", `The local platform could not ${what}: ${reason}.`, { cause });
  }
}
