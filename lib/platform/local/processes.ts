import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { hasCode } from "./files";

/** One process for ever: a pid is reused, but not together with the kernel's start time of the process. */
export type ProcessIdentity = { pid: number; started: string };

/** How identities are read; the shim (pod.sh) is told, so that both sides always mean the same. */
export type ProcessMethod = "proc" | "ps";
export const PROCESS_METHOD: ProcessMethod = process.platform === "linux" ? "proc" : "ps";

const run = promisify(execFile);

/** Those of the given processes that live now, by pid. Zombies have ended. */
export async function livingIdentities(
  pids: readonly number[],
  method: ProcessMethod = PROCESS_METHOD,
): Promise<Map<number, string>> {
  const distinct = [...new Set(pids)];
  if (distinct.length === 0) return new Map();
  return method === "proc" ? readProc(distinct) : readPs(distinct);
}

export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  return (await livingIdentities([identity.pid])).get(identity.pid) === identity.started;
}

/** Signals exactly this process, never another one that got its pid. False when it has ended already. */
export async function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): Promise<boolean> {
  if (!(await isAlive(identity))) return false;
  try {
    return process.kill(identity.pid, signal);
  } catch (error) {
    if (hasCode(error, "ESRCH")) return false;
    throw error;
  }
}

async function readProc(pids: readonly number[]): Promise<Map<number, string>> {
  // Start times count from boot; without the boot's id they could repeat after the next one.
  const boot = (await readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim();
  const found = new Map<number, string>();
  await Promise.all(
    pids.map(async (pid) => {
      try {
        const stat = await readFile(`/proc/${pid}/stat`, "utf8");
        // The name in parentheses may hold anything, so fields are counted after its end: state is 1st, start time 20th.
        const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
        if (fields[0] !== "Z" && fields[0] !== "X") found.set(pid, `${boot}:${fields[19]}`);
      } catch (error) {
        if (!hasCode(error, "ENOENT", "ESRCH")) throw error;
      }
    }),
  );
  return found;
}

async function readPs(pids: readonly number[]): Promise<Map<number, string>> {
  const found = new Map<number, string>();
  for (const line of (await listByPs(pids)).split("\n")) {
    const [pid, state, ...started] = line.trim().split(/\s+/);
    if (pid && state && !state.startsWith("Z")) found.set(Number(pid), started.join("-"));
  }
  return found;
}

async function listByPs(pids: readonly number[]): Promise<string> {
  try {
    const { stdout } = await run("ps", ["-o", "pid=,stat=,lstart=", "-p", pids.join(",")], {
      env: { ...process.env, LC_ALL: "C", TZ: "UTC0" },
      maxBuffer: 16 * 1024 * 1024,
    });
    return stdout;
  } catch (error) {
    // ps answers 1 with nothing said when none of them lives.
    if (error instanceof Error && "code" in error && error.code === 1 && "stdout" in error && "stderr" in error) {
      if (error.stdout === "" && error.stderr === "") return "";
    }
    throw error;
  }
}
