import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, existsSync, readFileSync, renameSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Running } from "@/launch/keep-alive";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const END_WITH_PARENT = new URL("./end-with-parent.mjs", import.meta.url).href;

export type ChildSpec = {
  name: string;
  /** What follows `node` on its command line. */
  command: string[];
  environment: NodeJS.ProcessEnv;
  logFile: string;
  graceMs: number;
  /** Gets each warning and error of the child, in short. */
  onTrouble: (line: string) => void;
};

/** Runs a Node program in a process group of its own, which ends with us however we end. */
export async function startChild(spec: ChildSpec): Promise<Running> {
  const child = spawn(process.execPath, ["--import", END_WITH_PARENT, ...spec.command], {
    cwd: ROOT,
    env: spec.environment,
    // Ctrl-C in a terminal reaches the whole group: the supervisor alone decides who ends when.
    detached: true,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const pid = await pidOf(child);
  keepOutput(child, spec);
  const ended = new Promise<string>((resolve) => {
    child.once("exit", (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  return { pid, ended, end: () => endGroup(child, pid, ended, spec.graceMs) };
}

function pidOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("spawn", () => resolve(child.pid as number));
  });
}

async function endGroup(child: ChildProcess, pid: number, ended: Promise<string>, graceMs: number): Promise<void> {
  child.kill("SIGTERM");
  const force = setTimeout(() => child.kill("SIGKILL"), graceMs);
  await ended;
  clearTimeout(force);
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // The usual case: nothing is left of its group.
  }
}

function keepOutput(child: ChildProcess, spec: ChildSpec): void {
  const file = createWriteStream(spec.logFile, { flags: "a", mode: 0o600 });
  // A full disk must not end the demo through its logs.
  file.on("error", () => {});
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue;
    createInterface({ input: stream }).on("line", (line) => {
      file.write(`${line}\n`);
      const trouble = troubleIn(line);
      if (trouble) spec.onTrouble(trouble);
    });
  }
  child.once("close", () => file.end());
}

const WARN_LEVEL = 40;
const LONGEST_TROUBLE = 300;

/** A line of the structured log from level warn on, or a plain line that reads like a warning or an error. */
export function troubleIn(line: string): string | undefined {
  if (line.startsWith("{")) {
    try {
      const entry = JSON.parse(line) as { level?: unknown; msg?: unknown; error?: unknown };
      if (typeof entry.level !== "number" || entry.level < WARN_LEVEL) return undefined;
      const words = [entry.msg, entry.error].filter((word) => typeof word === "string" && word !== "");
      return [...new Set(words)].join(": ").slice(0, LONGEST_TROUBLE) || undefined;
    } catch {
      return undefined;
    }
  }
  return /^\s*(\w*Error\b|⨯|⚠|error\b|warn(ing)?\b)/i.test(line) ? line.trim().slice(0, LONGEST_TROUBLE) : undefined;
}

const TROUBLE_WINDOW_MS = 30_000;
const MOST_TROUBLES_IN_WINDOW = 4;

/** While a part is away each other part complains at each try: a few lines tell it, the log has them all. */
export function sparingly(show: (line: string) => void): (line: string) => void {
  let shown: string[] = [];
  let windowEndsMs = 0;
  return (line) => {
    if (Date.now() >= windowEndsMs) {
      windowEndsMs = Date.now() + TROUBLE_WINDOW_MS;
      shown = [];
    }
    if (shown.includes(line) || shown.length > MOST_TROUBLES_IN_WINDOW) return;
    shown.push(line);
    show(shown.length > MOST_TROUBLES_IN_WINDOW ? "and more, see its log" : line);
  };
}

/** The log of the start before is kept beside it, for whoever looks for what happened then. */
export function rotateLog(logFile: string): void {
  if (existsSync(logFile)) renameSync(logFile, `${logFile}.1`);
}

export function tailOf(logFile: string, lines: number): string {
  if (!existsSync(logFile)) return "";
  const text = readFileSync(logFile, "utf8").trim().split("\n").slice(-lines);
  return `The last lines of ${path.relative(process.cwd(), logFile)}:\n${text.map((line) => `  ${line}`).join("\n")}`;
}
