import { Redis } from "ioredis";
import { inject } from "vitest";

export type TestRedis = {
  url: string;
  /** Empties it and nothing else: other test files have databases of their own on the same server. */
  flush(): Promise<void>;
};

/**
 * A Redis database of a test file's own where TEST_QUEUE is redis; undefined where the queue is to lie in PostgreSQL. Files
 * named `*.queue.int.test.ts` run once with each.
 */
export async function createTestRedis(): Promise<TestRedis | undefined> {
  if (process.env.TEST_QUEUE !== "redis") return undefined;
  const server = inject("redisUrl");
  const number = await onRedis(server, (redis) => redis.incr("podmeter:last-database"));
  const url = `${server}/${number}`;
  const flush = async () => {
    await onRedis(url, (redis) => redis.flushdb());
  };
  return { url, flush };
}

async function onRedis<T>(url: string, work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url, { maxRetriesPerRequest: 1 });
  try {
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}
