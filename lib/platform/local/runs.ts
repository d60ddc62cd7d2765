import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createExclusively, mapBounded } from "./files";
import type { RunFolder } from "./layout";
import { livingIdentities } from "./processes";
import { type Claim, isClaim, type KnownRuns, type RunRecords, readRun, readRunUnlessKnown } from "./run-records";

const CLAIM_WITHIN_MS = 10_000;
/** How long to wait for a living supervisor to write down the end of its program. Usually a millisecond. */
const EXIT_RECORD_WITHIN_MS = 5_000;

/** A run as it was seen to be. */
export type Run = RunRecords & { phase: "pending" | "running" | "finished"; finishedAt: Date | null };

/** Reads the runs and looks for their processes. A folder that another worker has just tidied away is left out. */
export async function observeRuns(folders: readonly RunFolder[], now: Date): Promise<Run[]> {
  return observe(await mapBounded(folders, readRun), now);
}

/** For looking again and again: reads only what changed since the last time. */
export function createRunObserver(): typeof observeRuns {
  let known: KnownRuns = new Map();
  return async (folders, now) => {
    const seen: KnownRuns = new Map();
    const records = await mapBounded(folders, (folder) => readRunUnlessKnown(folder, known, seen));
    known = seen;
    return observe(records, now);
  };
}

async function observe(records: readonly (RunRecords | undefined)[], now: Date): Promise<Run[]> {
  const read = records.filter((run) => run !== undefined);
  const living = await livingIdentities(
    read.flatMap((run) => (isClaim(run.claim) && !hasEnded(run) ? [run.claim.program.pid] : [])),
  );
  const observed = await mapBounded(read, async (run): Promise<Run | undefined> => {
    if (hasEnded(run)) return ended(run);
    if (!isClaim(run.claim)) return unclaimed(run, now);
    const { pid, started } = run.claim.program;
    if (living.get(pid) === started) {
      return { ...run, phase: run.startedAt ? "running" : "pending", finishedAt: null };
    }
    return settle(run, run.claim);
  });
  return observed.filter((run) => run !== undefined);
}

/** For ending pods: what cannot be read must not hide the rest. */
export async function observeReadableRuns(
  folders: readonly RunFolder[],
  now: Date,
): Promise<{ runs: Run[]; unreadable: { dir: string; error: unknown }[] }> {
  const unreadable: { dir: string; error: unknown }[] = [];
  const runs = await mapBounded(folders, (folder) =>
    observeRuns([folder], now).catch((error: unknown) => {
      unreadable.push({ dir: folder.dir, error });
      return [];
    }),
  );
  return { runs: runs.flat(), unreadable };
}

function hasEnded(run: RunRecords): boolean {
  return run.exitedAt !== undefined || run.givenUpAt !== undefined;
}

function ended(run: RunRecords): Run {
  const { startedAt, exitedAt } = run;
  // The wall clock may have been set back meanwhile; an end before the start means nothing to anybody.
  const finishedAt = startedAt && exitedAt ? new Date(Math.max(startedAt.getTime(), exitedAt.getTime())) : null;
  return { ...run, phase: "finished", finishedAt };
}

/** Nobody has begun it yet. After a while nobody will: that is written down first, so that it cannot begin after all. */
async function unclaimed(run: RunRecords, now: Date): Promise<Run | undefined> {
  const waitedMs = now.getTime() - run.createdAt.getTime();
  if (waitedMs > CLAIM_WITHIN_MS && (await createExclusively(join(run.dir, "claim"), "never\n"))) {
    const givenUp = await readRun(run);
    return givenUp && ended(givenUp);
  }
  return { ...run, phase: "pending", finishedAt: null };
}

/** The program is gone. Its supervisor writes the end down, if it lives; if it does not, and did not, nobody will. */
async function settle(run: RunRecords, claim: Claim): Promise<Run | undefined> {
  for (const deadline = Date.now() + EXIT_RECORD_WITHIN_MS; ; await sleep(5)) {
    const living = await livingIdentities([claim.supervisor.pid]);
    // Read after looking: a supervisor that was gone by then can have written nothing since.
    const latest = await readRun(run);
    if (!latest || hasEnded(latest)) return latest && ended(latest);
    if (living.get(claim.supervisor.pid) !== claim.supervisor.started) {
      await createExclusively(join(run.dir, "lost"), "");
      return ended(latest);
    }
    if (Date.now() > deadline) return ended(latest);
  }
}
