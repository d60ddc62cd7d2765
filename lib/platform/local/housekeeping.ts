import { appendFile, open, rename, rm, stat, truncate } from "node:fs/promises";
import { dirname, join } from "node:path";
import { forceEnd, graceHasPassed } from "./end-run";
import { absentAsUndefined, hiddenName, mapBounded } from "./files";
import type { Run } from "./runs";

const KEEP_FINISHED_MS = 7 * 24 * 3_600_000;
const LOG_LIMIT_BYTES = 1_000_000;
const LOG_KEEP_BYTES = 64_000;

/**
 * What somebody must do for the pods whether or not the worker that began it still lives: end those whose grace period
 * has passed, cut logs, and remove what finished more than a week ago. Returns the runs that are still to be listed.
 */
export async function keepHouse(runs: readonly Run[], now: Date): Promise<Run[]> {
  const kept = await mapBounded(runs, async (run) => {
    if (isExpired(run, now)) {
      await removeFolder(run.dir);
      return [];
    }
    if (graceHasPassed(run, now)) await forceEnd(run);
    if (run.phase === "running") await cutLog(join(run.dir, "log"));
    return [run];
  });
  return kept.flat();
}

function isExpired(run: Run, now: Date): boolean {
  const knownSince = run.exitedAt ?? run.givenUpAt;
  return (
    run.phase === "finished" && knownSince !== undefined && now.getTime() - knownSince.getTime() > KEEP_FINISHED_MS
  );
}

/** Gone at one stroke for all who read; two workers may both try. */
async function removeFolder(dir: string): Promise<void> {
  const hidden = hiddenName(dirname(dir));
  await absentAsUndefined(rename(dir, hidden));
  await rm(hidden, { recursive: true, force: true });
}

/** Programs append, so they go on at the new end of a shortened file. */
async function cutLog(path: string): Promise<void> {
  const stats = await absentAsUndefined(stat(path));
  if (!stats || stats.size <= LOG_LIMIT_BYTES) return;
  const kept = await readTail(path, LOG_KEEP_BYTES);
  await truncate(path);
  await appendFile(path, kept);
}

/** The end of what the run said, for a message to a person. */
export async function lastOutput(run: Run): Promise<string> {
  const tail = await absentAsUndefined(readTail(join(run.dir, "log"), 400));
  return tail?.toString("utf8").trim() ?? "";
}

async function readTail(path: string, maxBytes: number): Promise<Buffer> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    const length = Math.min(size, maxBytes);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
