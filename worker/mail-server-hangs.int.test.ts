import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { sql } from "drizzle-orm";
import { expect, test, vi } from "vitest";
import { z } from "zod";
import { firstRow, id, instant, run } from "@/lib/db/rows";
import { createDeployment } from "@/lib/deployments/create-deployment";
import { listDeployments } from "@/lib/deployments/list-deployments";
import { LOCAL_PROGRAMS } from "@/lib/platform/local/programs";
import { stopAllPods } from "@/lib/platform/local/stop-all";
import { faultsIn } from "@/test/books";
import { Engine, SUPPORT } from "@/test/engine";
import { WorkerProcess } from "@/test/worker-process";

test("a mail server that takes calls and says nothing holds up mails only: credits run down, the stop comes, the mails wait (N6, E1)", async () => {
  const sockets = new Set<Socket>();
  const silent = createServer((socket) => sockets.add(socket));
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const address = silent.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const podsDir = await mkdtemp(path.join(tmpdir(), "podmeter-silent-"));
  const engine = await Engine.start();
  await run(
    engine.db,
    sql`insert into plan (plan_id, name, negative_limit_micro, deploy_floor_micro) values ('fuse', 'Fuse', 300, 50)`,
  );
  const worker = new WorkerProcess({ databaseUrl: engine.url, podsDir, smtpUrl: `smtp://127.0.0.1:${port}` });
  try {
    const accountId = await engine.at(Date.now()).account({ creditsMicro: 700n, planId: "fuse" });
    // More mails than the worker sends at once.
    for (let person = 0; person < 6; person++) await engine.member(accountId, `admin-${person}@example.test`, "admin");
    const ctx = () => ({ ...engine.of(accountId), now: new Date() });
    await createDeployment(
      ctx(),
      { name: "script", programId: "hello-http", profileId: "script-4x8", replicas: 3 },
      { programs: LOCAL_PROGRAMS, supportEmail: SUPPORT },
    );
    await vi.waitFor(async () => expect((await listDeployments(ctx(), Date.now()))[0]?.status).toBe("undeployed"), {
      timeout: 60_000,
      interval: 200,
    });

    const mails = async (state: string) =>
      firstRow(
        engine.db,
        z.object({ count: id }),
        sql`select count(*) from delivery where account_id = ${accountId} and state = ${state}`,
      );
    await vi.waitFor(async () => expect((await mails("waiting"))?.count).toBeGreaterThanOrEqual(6), {
      timeout: 30_000,
      interval: 200,
    });
    expect(await mails("sent")).toEqual({ count: 0 });
    expect(sockets.size).toBeGreaterThan(0);
    const lookedAt = async () =>
      (await firstRow(engine.db, z.object({ observed_at: instant }), sql`select observed_at from platform_state`))
        ?.observed_at;
    const before = await lookedAt();
    await vi.waitFor(async () => expect((await lookedAt())?.getTime()).toBeGreaterThan(before?.getTime() ?? 0), {
      timeout: 20_000,
      interval: 100,
    });
    expect(await faultsIn(ctx())).toEqual([]);
  } finally {
    await worker.stop();
    await stopAllPods(podsDir, { graceMs: 500 });
    for (const socket of sockets) socket.destroy();
    silent.close();
    await engine.dispose();
    await rm(podsDir, { recursive: true, force: true });
  }
});
