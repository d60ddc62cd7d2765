import { setTimeout as sleep } from "node:timers/promises";
import { endRun, signalRun } from "./end-run";
import { absentAsUndefined, mapBounded } from "./files";
import { listDeployments, listRunFolders, type RunFolder } from "./layout";
import { observeReadableRuns, type Run } from "./runs";

/**
 * Ends every pod of this machine, for a shutdown of all of Podmeter: politely, then by force. Call it when no worker
 * runs any more. Returns how many it ended. What cannot be read is signalled all the same, and reported by throwing.
 */
export async function stopAllPods(podsDir: string, options: { graceMs: number }): Promise<number> {
  const askedAt = new Date();
  const deployments = (await absentAsUndefined(listDeployments(podsDir))) ?? [];
  const folders = (await mapBounded(deployments, listRunFolders)).flat();
  const { runs, unreadable } = await observeReadableRuns(folders, askedAt);
  const asked = runs.filter((run) => run.phase !== "finished");
  const unclear = new Set(unreadable.map(({ dir }) => dir));
  const signalUnclear = (signal: NodeJS.Signals) =>
    Promise.allSettled([...unclear].map((dir) => signalRun(dir, signal)));

  await mapBounded(asked, (run) => endRun(run, { operationId: "shutdown", askedAt }));
  await signalUnclear("SIGTERM");
  const left = await waitForEnds(asked, askedAt.getTime() + options.graceMs);
  await mapBounded(left, (run) => signalRun(run.dir, "SIGKILL"));
  await signalUnclear("SIGKILL");
  // Neither an end by force nor the refusal of one that was only about to begin takes long.
  await waitForEnds(left, Date.now() + 5_000);
  if (unreadable.length > 0) {
    throw new AggregateError(
      unreadable.map(({ error }) => error),
      `These pods were signalled, but their records cannot be read: ${[...unclear].join(", ")}. Look whether they ended.`,
    );
  }
  return asked.length;
}

/** Returns those that have not ended by then. */
async function waitForEnds(candidates: readonly RunFolder[], untilMs: number): Promise<Run[]> {
  for (;;) {
    const { runs } = await observeReadableRuns(candidates, new Date());
    const left = runs.filter((run) => run.phase !== "finished");
    if (left.length === 0 || Date.now() >= untilMs) return left;
    await sleep(20);
  }
}
