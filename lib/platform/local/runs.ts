import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { absentAsUndefined, createExclusively, mapBounded, readIfThere, writtenAt } from "./files";
import { brokenRecord, parseRecord, type RunFolder } from "./layout";
import { livingIdentities, type ProcessIdentity } from "./processes";

// A run's folder, in the order in which its records appear. Each is written whole, once, by whoever comes first:
//   pod.json  by the worker   the folder appears together with it, which makes the run this worker's to start
//   claim     by the shim     program and supervisor as pid and start time; or "never", by whoever gave the run up
//   started   by the shim     its time of writing is the start
//   endpoint  by the program  where it listens
//   stop      by a worker     when it was asked to end
//   exit      by the shim     its time of writing is the end
//   lost      by a worker     it is gone, and nobody recorded when (its shim was killed too, or the machine went down)

const CLAIM_WITHIN_MS = 10_000;
/** How long to wait for a living supervisor to write down the end of its program. Usually a millisecond. */
const EXIT_RECORD_WITHIN_MS = 5_000;

export const podRecordSchema = z.object({
  podUid: z.string().min(1),
  graceSeconds: z.number().int().min(0),
  createdAt: z.iso.datetime().transform((text) => new Date(text)),
});
const stopRecordSchema = z.object({
  operationId: z.string(),
  askedAt: z.iso.datetime().transform((text) => new Date(text)),
});
const CLAIM = /^(\d+) (\S+) (\d+) (\S+)\n$/;
const ENDPOINT = /^http:\/\/127\.0\.0\.1:\d+$/;

export type Claim = { program: ProcessIdentity; supervisor: ProcessIdentity };

type RunRecords = RunFolder & {
  podUid: string;
  graceSeconds: number;
  createdAt: Date;
  claim: Claim | "never" | undefined;
  startedAt: Date | null;
  endpoint: string | null;
  stopAskedAt: Date | null;
  exitedAt: Date | undefined;
  /** When it was noticed that the run had ended or failed to start without a record of it. */
  givenUpAt: Date | undefined;
};

/** A run as it was seen to be. */
export type Run = RunRecords & { phase: "pending" | "running" | "finished"; finishedAt: Date | null };

/** Reads the runs and looks for their processes. A folder that another worker has just tidied away is left out. */
export async function observeRuns(folders: readonly RunFolder[], now: Date): Promise<Run[]> {
  const read = (await mapBounded(folders, readRun)).filter((run) => run !== undefined);
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

export async function readClaim(dir: string): Promise<Claim | "never" | undefined> {
  const path = join(dir, "claim");
  const content = await readIfThere(path);
  if (content === undefined) return undefined;
  if (content === "never\n") return "never";
  const [, pid, started, supervisorPid, supervisorStarted] = CLAIM.exec(content) ?? [];
  if (!pid || !started || !supervisorPid || !supervisorStarted) throw brokenRecord(path);
  return {
    program: { pid: Number(pid), started },
    supervisor: { pid: Number(supervisorPid), started: supervisorStarted },
  };
}

export function isClaim(claim: Claim | "never" | undefined): claim is Claim {
  return typeof claim === "object";
}

async function readRun(folder: RunFolder): Promise<RunRecords | undefined> {
  const names = await absentAsUndefined(readdir(folder.dir));
  if (!names) return undefined;
  try {
    return await readRecords(folder, new Set(names));
  } catch (error) {
    // Folders leave by one rename, when their week is over. Anything else that is missing is an error.
    if (await absentAsUndefined(stat(folder.dir))) throw error;
    return undefined;
  }
}

async function readRecords(folder: RunFolder, names: ReadonlySet<string>): Promise<RunRecords> {
  const path = (name: string) => join(folder.dir, name);
  const podFile = await readIfThere(path("pod.json"));
  if (podFile === undefined) throw brokenRecord(path("pod.json"));
  const claim = names.has("claim") ? await readClaim(folder.dir) : undefined;
  const stopFile = names.has("stop") ? await readIfThere(path("stop")) : undefined;
  const endpoint = names.has("endpoint") ? await readIfThere(path("endpoint")) : undefined;
  if (endpoint !== undefined && !ENDPOINT.test(endpoint)) throw brokenRecord(path("endpoint"));
  return {
    ...folder,
    ...parseRecord(path("pod.json"), podFile, podRecordSchema),
    claim,
    startedAt: (names.has("started") ? await writtenAt(path("started")) : undefined) ?? null,
    endpoint: endpoint ?? null,
    stopAskedAt: stopFile === undefined ? null : parseRecord(path("stop"), stopFile, stopRecordSchema).askedAt,
    exitedAt: names.has("exit") ? await writtenAt(path("exit")) : undefined,
    givenUpAt: await whenGivenUp(folder.dir, names, claim),
  };
}

async function whenGivenUp(dir: string, names: ReadonlySet<string>, claim: Claim | "never" | undefined) {
  if (claim === "never") return writtenAt(join(dir, "claim"));
  return names.has("lost") ? writtenAt(join(dir, "lost")) : undefined;
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
