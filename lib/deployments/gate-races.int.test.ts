import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDeployment } from "@/lib/deployments/create-deployment";
import { tickAccount } from "@/lib/enforcement/tick-accounts";
import { Blockade } from "@/test/blockade";
import { faultsIn } from "@/test/books";
import { Engine, HOUR, SUPPORT } from "@/test/engine";

let engine: Engine;
let blockade: Blockade;
beforeAll(async () => {
  engine = await Engine.start({ connections: 20 });
  blockade = await Blockade.of(engine.url);
});
afterAll(async () => {
  await blockade.end();
  await engine.dispose();
});

const deployments = (accountId: number) =>
  engine.count(sql`select count(*) from deployment where account_id = ${accountId}`);
const deploy = (accountId: number, name: string) =>
  createDeployment(
    engine.of(accountId),
    { name, programId: "hello-http", profileId: "script-4x8", replicas: 1 },
    { programs: engine.platform.programs(), supportEmail: SUPPORT },
  );

describe("the gate", () => {
  test("lets nothing in that was allowed before the limit was crossed and arrives after it (E4, A4)", async () => {
    for (let round = 0; round < 10; round++) {
      const accountId = await engine
        .at(Date.parse("2026-03-01T00:00:00Z") + round * 12 * HOUR)
        .account({ creditsMicro: 6_900_000n });
      await engine.deploy(accountId, { profileId: "model-a100x1" });
      await engine.observe();
      // The decision is made while there are credits, and stands in line behind a tick for which there are none.
      await blockade.hold(`select from account where account_id = ${accountId}`);
      await engine.pass(2 * HOUR).observe();
      const tick = tickAccount(engine.of(accountId));
      await blockade.untilWaiting(1);
      engine.pass(-2 * HOUR);
      const late = Promise.allSettled([deploy(accountId, "a"), deploy(accountId, "b"), deploy(accountId, "c")]);
      await blockade.untilWaiting(4);
      engine.pass(2 * HOUR);
      await blockade.release();
      expect((await tick).stoppedAccountIds).toEqual([accountId]);
      for (const outcome of await late)
        expect(outcome).toMatchObject({ status: "rejected", reason: { code: "account_closed" } });
      expect(await deployments(accountId)).toBe(1);
    }
    expect(await faultsIn(engine.ctx())).toEqual([]);
  });

  test("that closes in the middle of many deployments: those before it are all stopped, those after it all refused (E4)", async () => {
    for (let round = 0; round < 6; round++) {
      const accountId = await engine
        .at(Date.parse("2026-04-01T00:00:00Z") + round * 12 * HOUR)
        .account({ creditsMicro: 6_900_000n });
      await engine.deploy(accountId, { profileId: "model-a100x1" });
      await engine.observe();
      await engine.pass(2 * HOUR).observe();
      // Their clock is that of a web server which is hours behind: only what stands in the database may decide.
      const early = { ...engine.of(accountId), now: new Date(engine.clock.now.getTime() - 2 * HOUR) };
      const outcomes = await Promise.allSettled([
        ...Array.from({ length: 4 }, (_, index) =>
          createDeployment(
            early,
            { name: `early ${index}`, programId: "hello-http", profileId: "script-4x8", replicas: 1 },
            { programs: engine.platform.programs(), supportEmail: SUPPORT },
          ),
        ),
        tickAccount(engine.of(accountId)),
      ]);
      const made = outcomes.slice(0, 4).filter((outcome) => outcome.status === "fulfilled").length;
      await engine.tick();
      expect(await deployments(accountId)).toBe(1 + made);
      expect(
        await engine.count(sql`select count(*) from stop_order where account_id = ${accountId} and reason = 'limit'`),
      ).toBe(1 + made);
      expect(
        await engine.count(sql`select count(*) from deployment where account_id = ${accountId} and wanted = 'running'`),
      ).toBe(0);
    }
    expect(await faultsIn(engine.ctx())).toEqual([]);
  });
});
