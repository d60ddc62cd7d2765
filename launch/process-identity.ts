import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** A process that lives now. Pids are used again; a pid together with its start is not. */
export type LivingProcess = { pid: number; startMark: string; command: string };

/** The process that has this pid, or undefined where none has it or what is left of it is a zombie. */
export function livingProcess(pid: number): LivingProcess | undefined {
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  return process.platform === "linux" ? fromProc(pid) : fromPs(pid);
}

function fromProc(pid: number): LivingProcess | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name, in parentheses, may itself hold spaces and parentheses: what follows the last one is fixed.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state, startTicks] = [fields[0], fields[19]];
    if (startTicks === undefined || state === "Z" || state === "X") return undefined;
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
    return { pid, startMark: startTicks, command };
  } catch {
    return undefined;
  }
}

function fromPs(pid: number): LivingProcess | undefined {
  try {
    const env = { ...process.env, LC_ALL: "C" };
    const line = execFileSync("ps", ["-o", "stat=,lstart=,command=", "-p", String(pid)], {
      encoding: "utf8",
      env,
      stdio: ["ignore", "pipe", "ignore"],
    });
    const match = /^\s*(\S+)\s+(\w+\s+\w+\s+\d+\s+[\d:]+\s+\d+)\s+(.*)$/s.exec(line);
    const [state, startMark, command] = [match?.[1], match?.[2], match?.[3]];
    if (!state || !startMark || command === undefined || state.startsWith("Z")) return undefined;
    return { pid, startMark, command: command.trim() };
  } catch {
    return undefined;
  }
}

/** What a file remembers of a process, so that a later start can tell whether it still lives. */
export function identityLine(pid: number): string {
  return `${pid} ${livingProcess(pid)?.startMark ?? "unknown"}\n`;
}

/** The process that `identityLine` was written of, if it still lives. */
export function stillLiving(line: string): LivingProcess | undefined {
  const [, pid, startMark] = /^(\d+) (.+)$/m.exec(line) ?? [];
  const living = livingProcess(Number(pid));
  return living && living.startMark === startMark ? living : undefined;
}

/** Resolves to true once the process is gone, to false when it still lives after `withinMs`. */
export async function waitForEnd(process_: LivingProcess, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  while (livingProcess(process_.pid)?.startMark === process_.startMark) {
    if (Date.now() >= deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return true;
}
