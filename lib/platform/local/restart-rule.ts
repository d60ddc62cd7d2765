/** An earlier run of a replica, as far as restarting is concerned. */
export type EarlierRun = {
  phase: "pending" | "running" | "finished";
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  stopAskedAt: Date | null;
  /** It never came to run, though nobody had refused it. */
  neverStarted: boolean;
};

export type RestartDecision = { action: "leave" } | { action: "start" } | { action: "give_up"; crashes: number };

const SETTLED_AFTER_MS = 60_000;
const MAX_QUICK_CRASHES = 5;

/**
 * Whether a replica gets a new run, given its earlier ones, newest first. After each quick crash the wait doubles, from
 * one second; after five in a row it is given up. A run of a minute, or a stop that was asked for, wipes the slate.
 */
export function decideRestart(runs: readonly EarlierRun[], now: Date): RestartDecision {
  const [newest] = runs;
  if (!newest) return { action: "start" };
  // One that was asked to end is as good as gone: its successor need not wait for it.
  if (newest.phase !== "finished" && newest.stopAskedAt === null) return { action: "leave" };
  const firstSurvivor = runs.findIndex((run) => !crashedQuickly(run));
  const crashes = firstSurvivor === -1 ? runs.length : firstSurvivor;
  if (crashes === 0) return { action: "start" };
  if (crashes >= MAX_QUICK_CRASHES) return { action: "give_up", crashes };
  const endedAt = newest.finishedAt ?? newest.createdAt;
  const waitMs = 1_000 * 2 ** (crashes - 1);
  return { action: now.getTime() >= endedAt.getTime() + waitMs ? "start" : "leave" };
}

function crashedQuickly(run: EarlierRun): boolean {
  if (run.phase !== "finished" || run.stopAskedAt !== null) return false;
  if (run.neverStarted) return true;
  if (!run.startedAt || !run.finishedAt) return false;
  return run.finishedAt.getTime() - run.startedAt.getTime() < SETTLED_AFTER_MS;
}
