import { randomUUID } from "node:crypto";
import { link, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

export function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && "code" in error && codes.some((code) => code === error.code);
}

/** Undefined when the file is not there; every other failure throws. */
export async function readIfThere(path: string): Promise<string | undefined> {
  return absentAsUndefined(readFile(path, "utf8"));
}

/** When the file was written, in whole milliseconds; undefined when it is not there. */
export async function writtenAt(path: string): Promise<Date | undefined> {
  const stats = await absentAsUndefined(stat(path, { bigint: true }));
  return stats && new Date(Number(stats.mtimeNs / 1_000_000n));
}

export async function absentAsUndefined<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** A name that readers of the folder pass over, for what is not complete yet or about to go. */
export function hiddenName(folder: string): string {
  return join(folder, `.${randomUUID()}`);
}

/** Readers see the old content or the new one, never half of it. */
export async function writeAtomically(path: string, content: string): Promise<void> {
  const hidden = hiddenName(dirname(path));
  try {
    await writeFile(hidden, content, { flag: "wx" });
    await rename(hidden, path);
  } catch (error) {
    await rm(hidden, { force: true });
    throw error;
  }
}

/** Like writeAtomically, but the first writer wins. False when the file was there already. */
export async function createExclusively(path: string, content: string): Promise<boolean> {
  const hidden = hiddenName(dirname(path));
  try {
    await writeFile(hidden, content, { flag: "wx" });
    await link(hidden, path);
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  } finally {
    await rm(hidden, { force: true });
  }
}

/** Bounded, so that a large fleet does not use up the process's open files. */
export async function mapBounded<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results = new Array<R>(items.length);
  const queue = items.entries();
  const lane = async () => {
    for (const [position, item] of queue) results[position] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(16, items.length) }, lane));
  return results;
}
