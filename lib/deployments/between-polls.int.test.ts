import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { burnedMicro } from "@/lib/billing/burn";
import { readBalance } from "@/lib/credits/read-balance";
import { instant, rows } from "@/lib/db/rows";
import { observePlatform } from "@/lib/deployments/observe-platform";
import { aSpec, eventually, usePods } from "@/lib/platform/local/local-platform.fixture";
import { faultsIn } from "@/test/books";
import { Engine } from "@/test/engine";

const pods = usePods();
let engine: Engine;
beforeAll(async () => {
  engine = await Engine.start();
});
afterAll(() => engine.dispose());

const RATE = 307_920n;

test("a process that starts and dies between two polls is billed for the time that it ran, to the millisecond; a worker that never saw it finds it (C2, C4, D2)", async () => {
  const accountId = await engine.at(Date.now()).account();
  const deploymentId = await engine.deploy(accountId);
  // What runs is a real process; the fake one is not looked at.
  const platform = pods.platform();
  const look = () => observePlatform({ ...engine.ctx(), now: new Date() }, platform, { finished: new Set() });
  await look();
  await platform.deploy(aSpec({ accountId, deploymentId, programId: "crasher" }));
  const [run] = await eventually(platform, (seen) => expect(seen.map((pod) => pod.phase)).toEqual(["finished"]));
  if (!run?.startedAt || !run.finishedAt) throw new Error("its start and end are not known");
  await look();
  await look();

  const intervals = await rows(
    engine.db,
    z.object({ started_at: instant, ended_at: instant }),
    sql`select started_at, ended_at from segment where account_id = ${accountId}`,
  );
  expect(intervals).toEqual([{ started_at: run.startedAt, ended_at: run.finishedAt }]);
  expect(run.finishedAt.getTime()).toBeGreaterThan(run.startedAt.getTime());
  engine.at(Date.now());
  const owed = burnedMicro(RATE, run.startedAt.getTime(), run.finishedAt.getTime());
  expect((await readBalance(engine.of(accountId))).remainingMicro).toBe(75_000_000n - owed);
  expect(await faultsIn(engine.ctx())).toEqual([]);
});
