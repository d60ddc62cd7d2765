import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { removeEmbeddedPostgresData } from "@/launch/embedded-postgres";
import { clusterDirOf } from "@/launch/postgres-home";
import { clearLeftovers } from "@/launch/postgres-leftovers";
import { identityLine, type LivingProcess, stillLiving, waitForEnd } from "@/launch/process-identity";
import { PodmeterError } from "@/lib/errors";
import { stopAllPods } from "@/lib/platform/local/stop-all";

/** What lies where in a data folder. */
export type DataFolder = {
  root: string;
  postgres: string;
  pods: string;
  mails: string;
  logs: string;
};

const POD_GRACE_MS = 5_000;
const SUPERVISOR_STOP_MS = 60_000;

function layout(dataDir: string): DataFolder {
  const root = path.resolve(dataDir);
  const below = (name: string) => path.join(root, name);
  return { root, postgres: below("postgres"), pods: below("pods"), mails: below("mails"), logs: below("logs") };
}

const markOf = (folder: DataFolder) => path.join(folder.root, "podmeter-data");
const filledMarkOf = (folder: DataFolder) => path.join(folder.root, "filled");
const claimsOf = (folder: DataFolder) => path.join(folder.root, "running");

/** Makes the folder where it is missing. One that holds anything else is left alone: a reset removes all of it. */
export function openDataFolder(dataDir: string): DataFolder {
  const folder = layout(dataDir);
  refuseForeign(folder);
  try {
    for (const dir of [folder.root, folder.pods, folder.mails, folder.logs, claimsOf(folder)])
      mkdirSync(dir, { recursive: true });
    writeFileSync(markOf(folder), "What Podmeter keeps of its demo. npm run demo -- --reset removes it.\n");
  } catch (cause) {
    throw new PodmeterError(
      "configuration",
      `The data folder ${folder.root} cannot be written (${(cause as Error).message}). Make it yours, or choose another with --data.`,
      { cause },
    );
  }
  return folder;
}

function refuseForeign(folder: DataFolder): void {
  if (existsSync(markOf(folder)) || !existsSync(folder.root) || readdirSync(folder.root).length === 0) return;
  throw new PodmeterError(
    "configuration",
    `${folder.root} holds things that Podmeter did not put there. Choose an empty or a new folder with --data.`,
  );
}

/**
 * Makes this process the only one that runs on the folder. Each writes a claim of its own and then looks for others: of
 * two at the same instant none may win, but never both. The claim of a dead process counts for nothing.
 */
export function claim(folder: DataFolder): { announce(appUrl: string): void; release(): void } {
  const own = path.join(claimsOf(folder), String(process.pid));
  const identity = identityLine(process.pid);
  writeFileSync(own, identity);
  const other = findRunning(folder, process.pid);
  if (other) {
    rmSync(own, { force: true });
    const where = other.appUrl ? `at ${other.appUrl}` : "and is just starting";
    throw new PodmeterError(
      "conflict",
      `A demo runs already on ${folder.root}, ${where} (process ${other.living.pid}). Stop it with Ctrl-C where it runs, or by: kill ${other.living.pid}. Or choose another folder with --data.`,
    );
  }
  return {
    announce: (appUrl) => writeFileSync(own, `${identity}${appUrl}\n`),
    release: () => rmSync(own, { force: true }),
  };
}

function findRunning(
  folder: DataFolder,
  except: number,
): { living: LivingProcess; appUrl: string | undefined } | undefined {
  if (!existsSync(claimsOf(folder))) return undefined;
  for (const name of readdirSync(claimsOf(folder))) {
    if (name === String(except)) continue;
    const file = path.join(claimsOf(folder), name);
    const [identity = "", appUrl] = readFileSync(file, "utf8").split("\n");
    const living = stillLiving(identity);
    if (living) return { living, appUrl: appUrl || undefined };
    rmSync(file, { force: true });
  }
  return undefined;
}

/** Whether the first start got as far as to fill the database. One that was cut off before has left a part of it only. */
export function isFilled(folder: DataFolder): boolean {
  return existsSync(filledMarkOf(folder));
}

export function markFilled(folder: DataFolder): void {
  writeFileSync(filledMarkOf(folder), "");
}

export async function forgetDatabase(folder: DataFolder, log: (line: string) => void): Promise<void> {
  await clearLeftovers(clusterDirOf(folder.postgres), log);
  removeEmbeddedPostgresData(folder.postgres);
}

/** Stops whatever still runs on the folder, then removes it with all that it holds. */
export async function removeDataFolder(dataDir: string, log: (line: string) => void): Promise<void> {
  const folder = layout(dataDir);
  if (!existsSync(folder.root)) return;
  refuseForeign(folder);
  const running = findRunning(folder, process.pid);
  if (running) {
    log(`stopping the demo that runs there (process ${running.living.pid}) …`);
    process.kill(running.living.pid, "SIGTERM");
    if (!(await waitForEnd(running.living, SUPERVISOR_STOP_MS))) {
      throw new PodmeterError(
        "conflict",
        `The demo with process ${running.living.pid} does not stop. End it and try again.`,
      );
    }
  }
  if (existsSync(folder.pods)) await stopAllPods(folder.pods, { graceMs: POD_GRACE_MS });
  await forgetDatabase(folder, log);
  rmSync(folder.root, { recursive: true, force: true });
}
