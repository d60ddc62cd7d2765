import { log } from "@/lib/log";
import type { JobName, JobPayload } from "@/lib/queue/catalogue";
import { runtime } from "@/lib/runtime";

const PATIENCE_MS = 2_000;

/**
 * Has the worker look at once at what a verb has written. Only a matter of seconds: what is due is in the tables, and the worker's
 * sweep finds it without the job too. So a queue that does not answer neither fails nor delays the person's act.
 */
export async function speedUp<Name extends JobName>(name: Name, payload: JobPayload<Name>): Promise<void> {
  const enqueued = runtime()
    .enqueue(name, payload)
    .catch((error: unknown) => log.warn({ err: error, job: name }, "a job could not be enqueued; the sweep will do"));
  await Promise.race([enqueued, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS).unref())]);
}
