import { closeSync, openSync, readFileSync } from "node:fs";

const CHECK_INTERVAL_MS = 1_000;
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Calls `onEnd` with the reason, in words, as soon as nobody wants this process any more: a signal, the death of the npm that
 * started it (which forwards no signal when it is killed, nor does the shell between), or the end of its terminal.
 *
 * @param {(reason: string) => void} onEnd
 */
export function watchLifeline(onEnd) {
  for (const signal of SIGNALS) process.on(signal, () => onEnd(signal));
  // After the terminal is gone there is nobody to tell, and that is no reason to fail.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  const startedBy = ancestorsUpToNpm();
  const parent = process.ppid;
  const hadTerminal = terminalIsThere();
  const check = () => {
    if (process.ppid !== parent || startedBy.some((pid) => !isThere(pid)))
      onEnd("the process that started it has ended");
    else if (hadTerminal && !terminalIsThere()) onEnd("its terminal was closed");
  };
  setInterval(check, CHECK_INTERVAL_MS).unref();
}

/** The pids between this process and the npm that runs it; none where it was started without npm. */
function ancestorsUpToNpm() {
  const pids = [];
  if (process.platform !== "linux" || !process.env.npm_lifecycle_event) return pids;
  for (let pid = process.ppid; pid > 1 && pids.length < 8; pid = parentOf(pid)) {
    pids.push(pid);
    if (/\bnpm\b/.test(readOrEmpty(`/proc/${pid}/cmdline`))) return pids;
  }
  return [];
}

function parentOf(pid) {
  const stat = readOrEmpty(`/proc/${pid}/stat`);
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1] ?? 0);
}

/** A zombie has ended, though its pid is still taken. */
function isThere(pid) {
  const stat = readOrEmpty(`/proc/${pid}/stat`);
  return stat !== "" && !/^[ZX]/.test(stat.slice(stat.lastIndexOf(")") + 2));
}

/** Opened rather than read: a background job that reads its terminal is suspended. */
function terminalIsThere() {
  try {
    closeSync(openSync("/dev/tty", "r"));
    return true;
  } catch {
    return false;
  }
}

function readOrEmpty(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
