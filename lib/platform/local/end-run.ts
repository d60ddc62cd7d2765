import { join } from "node:path";
import { createExclusively } from "./files";
import { signalProcess } from "./processes";
import { isClaim, readClaim } from "./run-records";
import type { Run } from "./runs";

/** Notes that the run is to end. The first to ask starts the grace period; the shim refuses to start a run so marked. */
export async function markStopAsked(dir: string, ask: { operationId: string; askedAt: Date }): Promise<void> {
  await createExclusively(join(dir, "stop"), JSON.stringify(ask));
}

/** Asks the run's program to end, or ends it by force when its grace period has passed. */
export async function endRun(run: Run, ask: { operationId: string; askedAt: Date }): Promise<void> {
  if (run.phase === "finished") return;
  if (graceHasPassed(run, ask.askedAt)) return forceEnd(run);
  try {
    await markStopAsked(run.dir, ask);
  } finally {
    // Even when nothing can be written down, on a full disk.
    await signalRun(run.dir, "SIGTERM");
  }
}

export function graceHasPassed(run: Run, now: Date): boolean {
  if (run.phase === "finished" || run.stopAskedAt === null) return false;
  return now.getTime() >= run.stopAskedAt.getTime() + run.graceSeconds * 1_000;
}

export async function forceEnd(run: Run): Promise<void> {
  await signalRun(run.dir, "SIGKILL");
}

/** Needs the run's claim only, so that it works where other records are broken. */
export async function signalRun(dir: string, signal: NodeJS.Signals): Promise<void> {
  // Read now, not earlier: it may have begun since it was looked at.
  const claim = await readClaim(dir);
  if (isClaim(claim)) await signalProcess(claim.program, signal);
}
