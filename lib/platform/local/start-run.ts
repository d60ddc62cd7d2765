import { spawn } from "node:child_process";
import { randomBytes, randomInt } from "node:crypto";
import { once } from "node:events";
import { access, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { PodmeterError } from "@/lib/errors";
import type { DeploymentSpec } from "@/lib/platform/platform";
import { createExclusively, hasCode, hiddenName, readIfThere } from "./files";
import { brokenRecord, type DeploymentFolder } from "./layout";
import { PROCESS_METHOD } from "./processes";
import { programFile, SHIM_FILE } from "./shipped-files";

// Below the range from which kernels lend ports to outgoing connections.
const PORTS_FROM = 20_000;
const PORTS_TO = 30_000;

export type NewRun = { replicaIndex: number; incarnation: number; createdAt: Date };

/** Starts one run of one replica. Does nothing when another worker was first with this incarnation. */
export async function startRun(deployment: DeploymentFolder, spec: DeploymentSpec, run: NewRun): Promise<void> {
  const file = programFile(spec.programId);
  await access(file);
  const port = await reservePort(deployment, run.replicaIndex);
  const name = `r${run.replicaIndex}.${run.incarnation}`;
  // Counters may begin anew (in another folder, after a reset); what is random never repeats.
  const podUid = `local-${spec.accountId}-${spec.deploymentId}-${name}-${randomBytes(6).toString("hex")}`;
  const dir = join(deployment.dir, name);
  const record = { podUid, graceSeconds: spec.graceSeconds, createdAt: run.createdAt.toISOString() };
  if (!(await createRunFolder(deployment, dir, JSON.stringify(record)))) return;

  // Little memory for each, and none of the worker's environment: it holds secrets.
  const node = [process.execPath, "--max-old-space-size=32", "--max-semi-space-size=1", "--v8-pool-size=1"];
  const shim = [SHIM_FILE, "supervise", PROCESS_METHOD, String(run.replicaIndex)];
  const child = spawn("/bin/sh", [...shim, ...node, file], {
    cwd: dir,
    detached: true,
    stdio: "ignore",
    env: {
      NODE_ENV: "production",
      PATH: process.env.PATH ?? "/usr/local/bin:/usr/bin:/bin",
      UV_THREADPOOL_SIZE: "1",
      PORT: String(port),
      ENDPOINT_FILE: join(dir, "endpoint"),
      POD_UID: podUid,
      DEPLOYMENT_NAME: spec.name,
      PROGRAM_ID: spec.programId,
    },
  });
  child.unref();
  await once(child, "spawn");
}

/** The folder appears complete or not at all, and only for one of those who try: rename never replaces a filled folder. */
async function createRunFolder(deployment: DeploymentFolder, dir: string, podRecord: string): Promise<boolean> {
  const hidden = hiddenName(deployment.dir);
  try {
    await mkdir(hidden);
    await writeFile(join(hidden, "pod.json"), podRecord);
    await rename(hidden, dir);
    return true;
  } catch (error) {
    await rm(hidden, { recursive: true, force: true });
    if (hasCode(error, "ENOTEMPTY", "EEXIST")) return false;
    throw error;
  }
}

/** The replica's own port, for all its runs, so that its endpoint outlives a stop. */
async function reservePort(deployment: DeploymentFolder, replicaIndex: number): Promise<number> {
  const path = join(deployment.dir, `port.${replicaIndex}`);
  const reserved = await readIfThere(path);
  if (reserved === undefined) {
    await createExclusively(path, String(await findFreePort()));
    return reservePort(deployment, replicaIndex);
  }
  const port = Number(reserved);
  if (!Number.isInteger(port) || port < PORTS_FROM || port >= PORTS_TO) throw brokenRecord(path);
  return port;
}

async function findFreePort(): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const port = randomInt(PORTS_FROM, PORTS_TO);
    if (await isFree(port)) return port;
  }
  throw new PodmeterError(
    "platform_unavailable",
    `No free port was found between ${PORTS_FROM} and ${PORTS_TO} on this machine. End what uses them, then try again.`,
  );
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await once(server.listen(port, "127.0.0.1"), "listening");
    return true;
  } catch (error) {
    if (hasCode(error, "EADDRINUSE", "EACCES")) return false;
    throw error;
  } finally {
    server.close();
  }
}
