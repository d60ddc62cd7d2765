import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { expect, test, vi } from "vitest";
import { z } from "zod";
import { startEmbeddedPostgres } from "@/launch/embedded-postgres";
import { startMailbox } from "@/launch/mailbox";
import { openAccount } from "@/lib/credits/open-account";
import { openDatabase } from "@/lib/db/client";
import { migrateDatabase } from "@/lib/db/migrate";
import { run } from "@/lib/db/rows";
import { createDeployment } from "@/lib/deployments/create-deployment";
import { listDeployments } from "@/lib/deployments/list-deployments";
import { LOCAL_PROGRAMS } from "@/lib/platform/local/programs";
import { stopAllPods } from "@/lib/platform/local/stop-all";
import { faultsIn } from "@/test/books";
import { createTestRedis } from "@/test/redis";
import { WorkerProcess } from "@/test/worker-process";

/** A job of the queue is tried three times within some seconds. */
const LONGER_THAN_ATTEMPTS_MS = 5_000;

test("a database that is restarted while credits run out loses nothing and bills nothing twice; the stop comes all the same (E8)", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "podmeter-restart-"));
  await chmod(folder, 0o755);
  const dataDir = path.join(folder, "postgres");
  const podsDir = path.join(folder, "pods");
  const mailbox = await startMailbox({ dir: path.join(folder, "mail") });
  const redis = await createTestRedis();
  let postgres = await startEmbeddedPostgres({ dataDir, durable: true });
  await migrateDatabase(postgres.url);
  const { db, close } = openDatabase(postgres.url, { max: 2 });
  const worker = new WorkerProcess({
    databaseUrl: postgres.url,
    redisUrl: redis?.url,
    podsDir,
    smtpUrl: mailbox.smtpUrl,
  });
  try {
    await run(
      db,
      sql`insert into plan (plan_id, name, negative_limit_micro, deploy_floor_micro) values ('fuse', 'Fuse', 700, 50)`,
    );
    const ctx = () => ({ db, now: new Date(), actor: "owner@restart.example" });
    const { accountId } = await openAccount(ctx(), {
      name: "Restart",
      timeZone: "UTC",
      planId: "fuse",
      creditsMicro: 2_500n,
      runs: 0n,
    });
    await run(db, sql`insert into app_user (id, email) values ('owner', 'owner@restart.example')`);
    await run(db, sql`insert into membership (account_id, user_id, role) values (${accountId}, 'owner', 'owner')`);
    const options = { programs: LOCAL_PROGRAMS, supportEmail: "" };
    await createDeployment(
      { ...ctx(), accountId },
      { name: "through-it", programId: "hello-http", profileId: "script-4x8", replicas: 3 },
      options,
    );
    const status = async () => (await listDeployments({ ...ctx(), accountId }, Date.now()))[0]?.status;
    await vi.waitFor(async () => expect(await status()).toBe("deployed"), { timeout: 45_000, interval: 100 });

    for (let restart = 0; restart < 2; restart++) {
      await postgres.stop();
      await sleep(restart * LONGER_THAN_ATTEMPTS_MS);
      postgres = await startEmbeddedPostgres({ dataDir, durable: true, port: postgres.port });
      await vi.waitFor(() => status(), { timeout: 20_000, interval: 100 });
    }
    await vi.waitFor(async () => expect(await status()).toBe("undeployed"), { timeout: 60_000, interval: 200 });
    expect(await faultsIn(ctx())).toEqual([]);
    const mails = async () =>
      z
        .array(z.object({ subject: z.string(), messageId: z.string() }))
        .parse(await (await fetch(`${mailbox.httpUrl}/api/mails`)).json());
    await vi.waitFor(async () => expect((await mails()).map((mail) => mail.subject).join()).toContain("Stopped"), {
      timeout: 30_000,
      interval: 200,
    });
    const ids = (await mails()).map((mail) => mail.messageId);
    expect(ids).toEqual([...new Set(ids)]);
  } finally {
    await worker.stop();
    await stopAllPods(podsDir, { graceMs: 500 });
    await close();
    await postgres.stop();
    await mailbox.stop();
    await rm(folder, { recursive: true, force: true });
  }
}, 180_000);
