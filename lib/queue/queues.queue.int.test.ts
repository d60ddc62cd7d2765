import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createTestDatabase, type TestDatabase } from "@/test/database";
import { createTestRedis } from "@/test/redis";
import { openQueueBackend, type QueueBackend } from "./backend";
import { openQueues, type Queues } from "./queues";

let database: TestDatabase;
let backend: QueueBackend;
let queues: Queues;

beforeAll(async () => {
  database = await createTestDatabase();
  const env = {
    DATABASE_URL: database.url,
    REDIS_URL: (await createTestRedis())?.url,
    POLL_INTERVAL_MS: 60_000,
    TICK_INTERVAL_MS: 60_000,
  };
  backend = openQueueBackend(env, () => {});
  queues = openQueues(env, backend);
});

afterAll(async () => {
  await queues.close();
  await backend.close();
  await database.drop();
});

test("a job of the same unique id is one while it waits, and can come again after it failed for good (E8)", async () => {
  const put = () => queues.enqueue("stop.carry-out", { accountId: 1, stopOrderId: 1 }, { uniqueId: "stop-1-1-0" });
  await put();
  await put();
  let runs = 0;
  const worker = backend.worker(
    "enforcement",
    async () => {
      runs++;
      throw new Error("the platform is away");
    },
    { concurrency: 4 },
  );
  await worker.waitUntilReady();
  const running = worker.run();
  const [enforcement] = (await queues.boardQueues()).filter((queue) => queue.name === "enforcement");
  await vi.waitFor(async () => expect(await enforcement?.getFailedCount()).toBe(1), { timeout: 30_000 });
  expect(runs).toBe(3);
  await put();
  await vi.waitFor(() => expect(runs).toBeGreaterThan(3), { timeout: 30_000 });
  await worker.close();
  await running;
});

test("recurring jobs are put in their places once, however often that is asked (E8)", async () => {
  for (let time = 0; time < 3; time++) await queues.ensureSchedulers();
  const boards = await queues.boardQueues();
  const schedulers = (await Promise.all(boards.map((queue) => queue.getJobSchedulers()))).flat();
  expect(schedulers.map((scheduler) => scheduler.name).sort()).toEqual([
    "ledger.settle",
    "ledger.tick",
    "limit.predict",
    "platform.observe",
    "sweep.due",
  ]);
});
