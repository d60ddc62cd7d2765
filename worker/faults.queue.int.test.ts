import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { z } from "zod";
import { type Mailbox, startMailbox } from "@/launch/mailbox";
import { burnedMicro } from "@/lib/billing/burn";
import type { AccountContext } from "@/lib/context";
import { openAccount } from "@/lib/credits/open-account";
import { readBalance } from "@/lib/credits/read-balance";
import { topUp } from "@/lib/credits/top-up";
import { type OpenDatabase, openDatabase } from "@/lib/db/client";
import { at, firstRow, id, json, rows, run } from "@/lib/db/rows";
import { createDeployment } from "@/lib/deployments/create-deployment";
import { listDeployments } from "@/lib/deployments/list-deployments";
import { LOCAL_PROGRAMS } from "@/lib/platform/local/programs";
import { stopAllPods } from "@/lib/platform/local/stop-all";
import { Blockade } from "@/test/blockade";
import { faultsIn } from "@/test/books";
import { createTestDatabase, type TestDatabase } from "@/test/database";
import { createTestRedis, type TestRedis } from "@/test/redis";
import { WorkerProcess } from "@/test/worker-process";

let database: TestDatabase;
let connection: OpenDatabase;
let redis: TestRedis | undefined;
let mailbox: Mailbox;
let folder: string;
let podsDir: string;
let worker: WorkerProcess;

const startWorker = () =>
  new WorkerProcess({ databaseUrl: database.url, redisUrl: redis?.url, podsDir, smtpUrl: mailbox.smtpUrl });

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "podmeter-worker-"));
  await chmod(folder, 0o755);
  podsDir = path.join(folder, "pods");
  [database, redis, mailbox] = await Promise.all([
    createTestDatabase(),
    createTestRedis(),
    startMailbox({ dir: path.join(folder, "mail") }),
  ]);
  connection = openDatabase(database.url, { max: 4 });
  await run(
    connection.db,
    sql`insert into plan (plan_id, name, negative_limit_micro, deploy_floor_micro) values ('fuse', 'Fuse', 700, 50)`,
  );
  worker = startWorker();
});

afterAll(async () => {
  await worker.stop();
  await stopAllPods(podsDir, { graceMs: 500 });
  await mailbox.stop();
  await connection.close();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

let serial = 0;
let owner: AccountContext;
const now = () => ({ ...owner, now: new Date() });

/** An account of its own for each test, with an owner who is mailed. */
beforeEach(async () => {
  owner = await account(1_500n);
});

async function account(creditsMicro: bigint, openedAt = new Date()): Promise<AccountContext> {
  const email = `owner-${++serial}@worker.example`;
  const ctx = { db: connection.db, now: openedAt, actor: email };
  const { accountId } = await openAccount(ctx, {
    name: `Worker ${serial}`,
    timeZone: "UTC",
    planId: "fuse",
    creditsMicro,
    runs: 0n,
  });
  await run(connection.db, sql`insert into app_user (id, email) values (${email}, ${email})`);
  await run(
    connection.db,
    sql`insert into membership (account_id, user_id, role) values (${accountId}, ${email}, 'owner')`,
  );
  return { ...ctx, accountId };
}

const deploy = (programId: string, replicas: number) =>
  createDeployment(
    now(),
    { name: "worker-test", programId, profileId: "script-4x8", replicas },
    { programs: LOCAL_PROGRAMS, supportEmail: "help@worker.example" },
  );

const status = async (deploymentId: number) =>
  (await listDeployments(now(), Date.now())).find((deployment) => deployment.deploymentId === deploymentId)?.status;
const until = (deploymentId: number, wanted: string) =>
  vi.waitFor(async () => expect(await status(deploymentId)).toBe(wanted), { timeout: 45_000, interval: 100 });

async function subjects(): Promise<string[]> {
  const mails = z
    .array(z.object({ to: z.array(z.string()), subject: z.string() }))
    .parse(await (await fetch(`${mailbox.httpUrl}/api/mails`)).json());
  return mails
    .filter((mail) => mail.to.some((to) => to.includes(owner.actor)))
    .map((mail) => mail.subject.replace(/[:,].*|credits.*/, "").trim())
    .sort();
}

/** No sum is off, nothing was sent twice, and nothing is billed after the end. */
async function expectSound(): Promise<void> {
  expect(await faultsIn(now())).toEqual([]);
  const sent = await subjects();
  expect(sent).toEqual([...new Set(sent)]);
  const [before, after] = [
    await readBalance(now()),
    await readBalance({ ...now(), now: new Date(Date.now() + 3_600_000) }),
  ];
  expect(after.remainingMicro).toBe(before.remainingMicro);
}

test("credits run out, everything is stopped, each mail comes once, nothing is billed after the end, and a top-up opens the account (A5, A6, E1–E5, N4–N6)", async () => {
  const { deploymentId } = await deploy("hello-http", 3);
  await until(deploymentId, "deployed");
  await until(deploymentId, "undeployed");
  await vi.waitFor(async () => expect((await subjects()).length).toBeGreaterThanOrEqual(5), { timeout: 20_000 });
  const stop = await firstRow(
    connection.db,
    z.object({ state: z.string(), ordered: z.boolean(), crossed: z.boolean() }),
    sql`select state, crossed_at <= requested_at and requested_at <= stopped_at as ordered, crossed_at is not null as crossed from stop_order where account_id = ${owner.accountId}`,
  );
  expect(stop).toEqual({ state: "stopped", ordered: true, crossed: true });
  await expectSound();
  await expect(deploy("hello-http", 1)).rejects.toMatchObject({ code: "account_closed" });
  await topUp(
    { ...now(), actor: "ops@worker.example" },
    { credits: "1", reason: "a test", ref: `top-up-${owner.accountId}` },
  );
  const again = await deploy("hello-http", 1);
  await until(again.deploymentId, "deployed");
});

test("a worker that is killed in the middle of a stop leaves it to the next one: it ends by force, with proof, and is told once (E3, E5, E8)", async () => {
  const { deploymentId } = await deploy("stubborn", 3);
  await until(deploymentId, "stopping");
  const stopping = sql`select count(*) from stop_order where account_id = ${owner.accountId} and state = 'stopping'`;
  await vi.waitFor(
    async () => expect(await firstRow(connection.db, z.object({ count: id }), stopping)).toEqual({ count: 1 }),
    { timeout: 20_000, interval: 20 },
  );
  worker.kill();
  await until(deploymentId, "undeployed");
  await vi.waitFor(async () => expect(await subjects()).toContain("Stopped"), { timeout: 20_000 });
  await expectSound();
});

test("a worker that is killed in the middle of a settlement leaves the books as an undisturbed one (C2, E8)", async () => {
  const opened = new Date(Date.now() - 3 * 3_600_000);
  owner = await account(5_000_000n, opened);
  const { deploymentId } = await createDeployment(
    { ...owner, now: opened },
    { name: "past", programId: "hello-http", profileId: "script-4x8", replicas: 2 },
    { programs: LOCAL_PROGRAMS, supportEmail: "" },
  );
  const blockade = await Blockade.of(database.url);
  await blockade.hold(`select 1 from account where account_id = ${owner.accountId}`);
  const startedAt = new Date(opened.getTime() + 60_000);
  const endedAt = new Date(Date.now() - 3_600_000);
  const pods = ["a", "b"].map((pod) => ({
    accountId: owner.accountId,
    deploymentId,
    podUid: `past-${owner.accountId}-${pod}`,
    startedAt: startedAt.toISOString(),
    endedAt: endedAt.toISOString(),
  }));
  // It waits for the account behind the blockade; so does the settlement of the worker that is killed.
  const recorded = run(
    connection.db,
    sql`select apply_observation('local', (select observed_at from platform_state where platform = 'local'), '[]', ${json(pods)}, '[]', '[]', '[]', ${at(new Date())})`,
  );
  await vi.waitFor(() => blockade.untilWaiting(2), { timeout: 50_000 });
  worker.kill();
  await blockade.release();
  await blockade.end();
  await recorded;
  await run(
    connection.db,
    sql`update deployment set wanted = 'stopped', status = 'undeployed' where account_id = ${owner.accountId}`,
  );
  const expected = 5_000_000n - 2n * burnedMicro(307_920n, startedAt.getTime(), endedAt.getTime());
  await vi.waitFor(async () => expect((await readBalance(now())).state.settledMicro).toBe(expected), {
    timeout: 50_000,
    interval: 200,
  });
  await expectSound();
});

test("an emptied queue costs seconds: recurring work comes back, and what is due is found in the tables (E8)", async () => {
  if (redis) await redis.flush();
  else {
    const tables = await rows(
      connection.db,
      z.object({ name: z.string() }),
      sql`select tablename as name from pg_tables where schemaname = 'bullmq' and tablename not like '%migration%'`,
    );
    await run(connection.db, sql.raw(`truncate ${tables.map(({ name }) => `bullmq."${name}"`).join(", ")}`));
  }
  const { deploymentId } = await deploy("hello-http", 3);
  await until(deploymentId, "deployed");
  await until(deploymentId, "undeployed");
  await expectSound();
});

test("while the platform cannot be read nothing is guessed; when it can again, the gap is billed as it ran (C5, E8)", async () => {
  owner = await account(1_000_000n);
  const { deploymentId } = await deploy("hello-http", 1);
  await until(deploymentId, "deployed");
  // Another deployment's record is cut off half-way; the driver would put its own right at the next deploy.
  const brokenFolder = path.join(podsDir, String(owner.accountId), "999999");
  await mkdir(brokenFolder);
  await writeFile(path.join(brokenFolder, "spec.json"), '{"accountId": 1, "deplo');
  const failing = sql`select count(*) from platform_state where failing_since is not null`;
  await vi.waitFor(
    async () => expect(await firstRow(connection.db, z.object({ count: id }), failing)).toEqual({ count: 1 }),
    { timeout: 20_000 },
  );
  expect(await status(deploymentId)).toBe("deployed");
  await rm(brokenFolder, { recursive: true });
  await vi.waitFor(
    async () => expect(await firstRow(connection.db, z.object({ count: id }), failing)).toEqual({ count: 0 }),
    { timeout: 20_000 },
  );
  const open = await rows(
    connection.db,
    z.object({ deployment_id: id }),
    sql`select deployment_id from segment where account_id = ${owner.accountId} and ended_at is null`,
  );
  expect(open).toEqual([{ deployment_id: deploymentId }]);
  expect(await faultsIn(now())).toEqual([]);
});

test("terminated database connections hang nothing and lose nothing (E8)", async () => {
  const { deploymentId } = await deploy("hello-http", 3);
  for (let round = 0; round < 6; round++) {
    await run(
      connection.db,
      sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
    ).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 400));
  }
  await until(deploymentId, "undeployed");
  await vi.waitFor(async () => expect(await subjects()).toContain("Stopped"), { timeout: 30_000 });
  await expectSound();
  expect(await readdir(podsDir)).toContain(String(owner.accountId));
});
