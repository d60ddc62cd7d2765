import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { absentAsUndefined, readIfThere, writtenAt } from "./files";
import { brokenRecord, parseRecord, type RunFolder } from "./layout";
import type { ProcessIdentity } from "./processes";

// A run's folder, in the order in which its records appear. Each is written whole, once, by whoever comes first:
//   pod.json  by the worker   the folder appears together with it, which makes the run this worker's to start
//   claim     by the shim     program and supervisor as pid and start time; or "never", by whoever gave the run up
//   started   by the shim     its time of writing is the start
//   endpoint  by the program  where it listens
//   stop      by a worker     when it was asked to end
//   exit      by the shim     its time of writing is the end
//   lost      by a worker     it is gone, and nobody recorded when (its shim was killed too, or the machine went down)

const podRecordSchema = z.object({
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

export type RunRecords = RunFolder & {
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

/** What a driver read before, by folder; good as long as the folder's stamp is the same. */
export type KnownRuns = Map<string, { stamp: string; records: RunRecords }>;

/** Two changes that are closer than this may leave a folder with the same stamp. */
const STAMP_SETTLES_MS = 2_000;

/** Most folders do not change from one look to the next, so they are read once. Notes in `seen` what may be kept. */
export async function readRunUnlessKnown(
  folder: RunFolder,
  known: KnownRuns,
  seen: KnownRuns,
): Promise<RunRecords | undefined> {
  const stats = await absentAsUndefined(stat(folder.dir, { bigint: true }));
  if (!stats) return undefined;
  // Records are created, never changed, and creating one stamps the folder.
  const stamp = `${stats.ino}:${stats.mtimeNs}`;
  const before = known.get(folder.dir);
  const records = before?.stamp === stamp ? before.records : await readRun(folder);
  const settled = Date.now() - Number(stats.mtimeMs) > STAMP_SETTLES_MS;
  if (records && settled) seen.set(folder.dir, { stamp, records });
  return records;
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

/** Undefined when another worker has just tidied the folder away. */
export async function readRun(folder: RunFolder): Promise<RunRecords | undefined> {
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
