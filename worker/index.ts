import { existsSync } from "node:fs";
import { migrateDatabase } from "@/lib/db/migrate";
import { env } from "@/lib/env";
import { describeError } from "@/lib/errors";
import { log } from "@/lib/log";
import { type RunningWorker, startWorker } from "./start-worker";

/** The worker's process. It never tries to mend itself: what it cannot get ends it, and whoever runs it starts it again. */
async function main(): Promise<void> {
  if (existsSync(".env")) process.loadEnvFile();
  const configuration = env();
  await migrateDatabase(configuration.DATABASE_URL);
  const worker = await startWorker(configuration);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void drain(worker, signal));
}

async function drain(worker: RunningWorker, signal: string): Promise<void> {
  log.info({ signal }, "worker stops: no new jobs, the running ones end");
  setTimeout(() => process.exit(1), 20_000).unref();
  await worker.close();
  process.exit(0);
}

main().catch((error: unknown) => {
  log.fatal(
    { code: describeError(error).code, error: error instanceof Error ? error.message : String(error) },
    "worker did not start",
  );
  process.exit(1);
});
