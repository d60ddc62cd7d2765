import { createPostgresBackend, type Job, type JobsOptions, Queue, Worker } from "bullmq";
import { Redis } from "ioredis";
import pg from "pg";

/**
 * Where jobs wait: in the same PostgreSQL, so that nothing else is needed, or in Redis when REDIS_URL is set. Callers see BullMQ's
 * Queue and Worker and never know which.
 */
export type QueueBackend = {
  queue(name: string): Queue;
  worker(name: string, handle: (job: Job) => Promise<void>, options: { concurrency: number }): Worker;
  close(): Promise<void>;
};

/** All workers of an installation must agree on it. */
const STALLED_INTERVAL_MS = 10_000;
const LOCK_MS = 30_000;

const JOB_DEFAULTS: JobsOptions = {
  removeOnComplete: { count: 200 },
  removeOnFail: { count: 1000 },
  attempts: 3,
  backoff: { type: "exponential", delay: 500 },
};

const WORKER_DEFAULTS = {
  autorun: false,
  stalledInterval: STALLED_INTERVAL_MS,
  lockDuration: LOCK_MS,
  maxStalledCount: 5,
};

export function openQueueBackend(
  env: { DATABASE_URL: string; REDIS_URL?: string },
  onError: (error: Error) => void,
): QueueBackend {
  return env.REDIS_URL ? redisBackend(env.REDIS_URL, onError) : postgresBackend(env.DATABASE_URL, onError);
}

function postgresBackend(databaseUrl: string, onError: (error: Error) => void): QueueBackend {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: 12,
    options: "-c search_path=bullmq",
    connectionTimeoutMillis: 5_000,
  });
  pool.setMaxListeners(0);
  pool.on("error", onError);
  return {
    queue: (name) =>
      new Queue(name, { connection: pool, defaultJobOptions: JOB_DEFAULTS }, createPostgresBackend) as unknown as Queue,
    worker: (name, handle, { concurrency }) =>
      new Worker(
        name,
        handle,
        { ...WORKER_DEFAULTS, connection: pool, concurrency },
        createPostgresBackend,
      ) as unknown as Worker,
    close: () => pool.end(),
  };
}

function redisBackend(redisUrl: string, onError: (error: Error) => void): QueueBackend {
  const producer = new Redis(redisUrl, { maxRetriesPerRequest: 1, enableOfflineQueue: true });
  const consumer = new Redis(redisUrl, { maxRetriesPerRequest: null });
  producer.on("error", onError);
  consumer.on("error", onError);
  return {
    queue: (name) =>
      new Queue(name, { connection: producer, defaultJobOptions: JOB_DEFAULTS, skipWaitingForReady: true }),
    worker: (name, handle, { concurrency }) =>
      new Worker(name, handle, { ...WORKER_DEFAULTS, connection: consumer, concurrency }),
    close: async () => {
      producer.disconnect();
      consumer.disconnect();
    },
  };
}
