import type { Worker } from "bullmq";
import { openDatabase } from "@/lib/db/client";
import type { Env } from "@/lib/env";
import { log } from "@/lib/log";
import { createMailer } from "@/lib/mail/mailer";
import { createLocalPlatform } from "@/lib/platform/local/local-platform";
import { openQueueBackend } from "@/lib/queue/backend";
import { QUEUES } from "@/lib/queue/catalogue";
import { openQueues } from "@/lib/queue/queues";
import type { Dependencies } from "./dependencies";
import { runJob } from "./run-job";

const SCHEDULERS_INTERVAL_MS = 5_000;
const CONCURRENCY = { metering: 4, enforcement: 16, mail: 4 } as const;

export type RunningWorker = { close(): Promise<void> };

/** Starts the worker: recurring jobs in their places, one BullMQ worker per queue. Rejects when a part does not come up; the caller exits then. */
export async function startWorker(env: Env): Promise<RunningWorker> {
  const database = openDatabase(env.DATABASE_URL, { max: 10 });
  const onError = (error: Error) => log.warn({ error: error.message }, "queue connection failed");
  const backend = openQueueBackend(env, onError);
  const queues = openQueues(env, backend);
  const mailer = createMailer({ smtpUrl: env.SMTP_URL, from: env.MAIL_FROM });
  const deps: Dependencies = {
    db: database.db,
    env,
    platform: createLocalPlatform({ podsDir: env.PODS_DIR }),
    queues,
    mailer,
    memory: { finished: new Set() },
    now: () => new Date(),
  };

  await queues.ensureSchedulers();
  const workers: Worker[] = [];
  for (const name of QUEUES) {
    const worker = backend.worker(name, (job) => runJob(deps, job), { concurrency: CONCURRENCY[name] });
    worker.on("error", onError);
    await worker.waitUntilReady();
    workers.push(worker);
  }
  for (const worker of workers) {
    void worker.run().catch((error: Error) => {
      log.fatal({ error: error.message }, "a queue's worker ended; exiting so that it is started again");
      process.exit(1);
    });
  }
  // An emptied queue has lost the sweep too, so the sweep cannot put it back: the process does (E8).
  const keepSchedulers = setInterval(() => {
    queues
      .ensureSchedulers()
      .catch((error: unknown) => onError(error instanceof Error ? error : new Error(String(error))));
  }, SCHEDULERS_INTERVAL_MS);
  log.info({ queue: env.REDIS_URL ? "redis" : "postgres", platform: deps.platform.name }, "worker started");

  return {
    async close() {
      clearInterval(keepSchedulers);
      await Promise.allSettled(workers.map((worker) => worker.close()));
      await queues.close();
      await backend.close();
      mailer.close();
      await database.close();
    },
  };
}
