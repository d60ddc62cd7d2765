import type { Queue } from "bullmq";
import type { Env } from "@/lib/env";
import { log } from "@/lib/log";
import { openQueueBackend, type QueueBackend } from "@/lib/queue/backend";
import { type Enqueue, JOBS, QUEUES, type QueueName } from "@/lib/queue/catalogue";

export type Queues = {
  enqueue: Enqueue;
  /** Puts the recurring jobs in their places, again and again: an emptied queue loses them (E8). */
  ensureSchedulers(): Promise<void>;
  /** For the queue dashboard (O1). */
  boardQueues(): Promise<Queue[]>;
  close(): Promise<void>;
};

/** The producing side. Queues are opened when first needed; one that could not be opened is dropped and tried anew at the next job. */
export function openQueues(
  env: Pick<Env, "DATABASE_URL" | "REDIS_URL" | "POLL_INTERVAL_MS" | "TICK_INTERVAL_MS">,
  shared?: QueueBackend,
): Queues {
  const onError = (error: Error) => log.warn({ error: error.message }, "queue connection failed");
  const backend = shared ?? openQueueBackend(env, onError);
  const opened = new Map<QueueName, Promise<Queue>>();

  function open(name: QueueName): Promise<Queue> {
    const existing = opened.get(name);
    if (existing !== undefined) return existing;
    const queue = backend.queue(name);
    queue.on("error", onError);
    const ready = queue.waitUntilReady().then(() => queue);
    opened.set(name, ready);
    ready.catch(() => opened.delete(name));
    return ready;
  }

  return {
    async enqueue(name, payload, options = {}) {
      const queue = await open(JOBS[name].queue);
      // Not by job id: a job that has failed and is kept for the dashboard would bar its like for as long as it is kept.
      const deduplication = options.uniqueId === undefined ? undefined : { id: options.uniqueId };
      await queue.add(name, payload, { delay: Math.max(0, options.delayMs ?? 0), deduplication });
    },
    async ensureSchedulers() {
      const every = {
        "platform.observe": env.POLL_INTERVAL_MS,
        "ledger.tick": env.TICK_INTERVAL_MS,
        "ledger.settle": 30_000,
        "limit.predict": 30_000,
        "sweep.due": 5_000,
      } as const;
      for (const [name, everyMs] of Object.entries(every) as [keyof typeof every, number][]) {
        const queue = await open(JOBS[name].queue);
        await queue.upsertJobScheduler(
          name,
          { every: everyMs },
          { name, data: {}, opts: { attempts: 1, removeOnComplete: { count: 20 } } },
        );
      }
    },
    boardQueues: () => Promise.all(QUEUES.map(open)),
    async close() {
      for (const queue of await Promise.allSettled(opened.values()))
        if (queue.status === "fulfilled") await queue.value.close();
      if (!shared) await backend.close();
    },
  };
}
