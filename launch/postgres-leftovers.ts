import { existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { type LivingProcess, livingProcess, waitForEnd } from "@/launch/process-identity";
import { PodmeterError } from "@/lib/errors";

/**
 * Clears what an earlier server left in its cluster. One that still lives has lost the process that started it: it is
 * stopped. A pid that nobody has, that is a zombie's or by now another program's would make PostgreSQL refuse to
 * start: the file is removed.
 */
export async function clearLeftovers(clusterDir: string, log: (line: string) => void): Promise<void> {
  const pidFile = path.join(clusterDir, "postmaster.pid");
  if (!existsSync(pidFile)) return;
  const living = livingProcess(Number.parseInt(readFileSync(pidFile, "utf8"), 10));
  if (living && servesCluster(living, clusterDir)) {
    log(`stopping the database server that an earlier start left behind (pid ${living.pid})`);
    await endServer(living);
  }
  rmSync(pidFile, { force: true });
}

/** We start it with `-D <cluster>`, and a server keeps its command line. */
function servesCluster(candidate: LivingProcess, clusterDir: string): boolean {
  return candidate.command.includes("postgres") && candidate.command.includes(clusterDir);
}

/** Fast shutdown; if that takes too long the immediate one; then the end by force, from which it recovers. */
export async function endServer(server: LivingProcess): Promise<void> {
  for (const [signal, waitMs] of [
    ["SIGINT", 20_000],
    ["SIGQUIT", 5_000],
    ["SIGKILL", 5_000],
  ] as const) {
    try {
      process.kill(server.pid, signal);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === "ESRCH") return;
      throw new PodmeterError(
        "configuration",
        `The database server with pid ${server.pid} cannot be stopped by this user. Stop it (kill -INT ${server.pid}) and start again.`,
        { cause },
      );
    }
    if (await waitForEnd(server, waitMs)) return;
  }
  throw new PodmeterError(
    "configuration",
    `The database server with pid ${server.pid} does not end. Stop it and start again.`,
  );
}
