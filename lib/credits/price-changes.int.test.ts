import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { burnedMicro } from "@/lib/billing/burn";
import { changePrice } from "@/lib/credits/change-price";
import { readBalance } from "@/lib/credits/read-balance";
import { instant, rows } from "@/lib/db/rows";
import { undeploy } from "@/lib/deployments/undeploy";
import { Blockade } from "@/test/blockade";
import { faultsIn } from "@/test/books";
import { Engine, HOUR, MINUTE } from "@/test/engine";

let engine: Engine;
let blockade: Blockade;
beforeAll(async () => {
  engine = await Engine.start();
  blockade = await Blockade.of(engine.url);
});
afterAll(async () => {
  await blockade.end();
  await engine.dispose();
});

/** Each test has a profile of its own, so that its price is the default's. */
async function running(day: string, profileId: string) {
  const accountId = await engine.at(`${day}T00:00:00Z`).account();
  const ref = { accountId, deploymentId: await engine.deploy(accountId, { profileId }) };
  await engine.observe();
  return ref;
}

const price = (profileId: string, creditsPerHour: string, inForceFrom: Date | null = null) =>
  changePrice({ ...engine.ctx(), actor: "ops@example.test" }, { profileId, creditsPerHour, inForceFrom });
const remaining = async (accountId: number) => (await readBalance(engine.of(accountId))).remainingMicro;

describe("a price that is set for later", () => {
  test("charges from its instant on, to the micro-credit, in the middle of an hour and across its settlement (C3)", async () => {
    const { accountId } = await running("2026-03-01", "script-4x8");
    const changeMs = 100 * MINUTE + 7;
    await price("script-4x8", "2.5", new Date(engine.clock.now.getTime() + changeMs));
    for (const minutes of [59, 99, 101, 160, 200]) {
      await engine.at(Date.parse("2026-03-01T00:00:00Z") + minutes * MINUTE).observe();
      await engine.settle();
      const [before, after] = [Math.min(minutes * MINUTE, changeMs), Math.max(0, minutes * MINUTE - changeMs)];
      expect(await remaining(accountId)).toBe(
        75_000_000n - burnedMicro(307_920n, 0, before) - burnedMicro(2_500_000n, 0, after),
      );
    }
    expect(await faultsIn(engine.ctx())).toEqual([]);
  });

  test("is nothing to what ends before it: neither its credits, nor its end, nor a line in the ledger (C3, C6)", async () => {
    const { accountId, deploymentId } = await running("2026-03-02", "script-2x4");
    await price("script-2x4", "9", new Date("2026-03-02T06:30:00Z"));
    await undeploy(engine.at("2026-03-02T00:30:00Z").of(accountId), { deploymentId, reason: "user" });
    await engine.round();
    await engine.pass(MINUTE).round();
    const [ended] = await rows(
      engine.db,
      z.object({ ended_at: instant, stopped_at: instant }),
      sql`select d.ended_at, o.stopped_at from deployment d join stop_order o using (account_id, deployment_id) where d.account_id = ${accountId}`,
    );
    expect(ended).toEqual({ ended_at: new Date("2026-03-02T00:30:00Z"), stopped_at: new Date("2026-03-02T00:30:00Z") });
    await engine.at("2026-03-02T08:00:00Z").round();
    expect((await engine.ledger(accountId)).map((line) => line.kind)).toEqual(["grant", "usage"]);
    expect(await remaining(accountId)).toBe(75_000_000n - burnedMicro(153_960n, 0, 30 * MINUTE));
  });
});

describe("a price and what else happens at once", () => {
  test("a pod that is put on record meanwhile is charged by both, whoever is first (C3, E8)", async () => {
    for (const [index, first] of ["observation", "price"].entries()) {
      const profileId = index === 0 ? "script-2x8" : "script-4x16";
      const rate = index === 0 ? 144_000n : 288_000n;
      const ref = await running(`2026-03-0${3 + index}`, profileId);
      engine.pass(10 * MINUTE);
      engine.platform.start(ref, 1);
      engine.pass(5 * MINUTE);
      await blockade.hold(`select from account where account_id = ${ref.accountId}`);
      const both = [() => engine.observe(), () => price(profileId, "1")];
      if (first === "price") both.reverse();
      const work = [both[0]?.()];
      await blockade.untilWaiting(1);
      work.push(both[1]?.());
      await blockade.untilWaiting(2);
      await blockade.release();
      await Promise.all(work);
      await engine.pass(HOUR).observe();
      const owed = burnedMicro(rate, 0, 15 * MINUTE) + burnedMicro(rate, 0, 5 * MINUTE) + 2n * 1_000_000n;
      expect(await remaining(ref.accountId)).toBe(75_000_000n - owed);
      expect(await faultsIn(engine.ctx())).toEqual([]);
    }
  });

  test("two operators at once: a price is never put before a later one that is known, and what runs is charged by those that stand (C3)", async () => {
    const ref = await running("2026-03-06", "script-1x2");
    const later = new Date("2026-03-06T02:00:00Z");
    await blockade.hold(`select from account where account_id = ${ref.accountId}`);
    const work = [price("script-1x2", "2", later)];
    await blockade.untilWaiting(1);
    work.push(price("script-1x2", "1", new Date("2026-03-06T01:00:00Z")));
    await blockade.untilWaiting(2);
    await blockade.release();
    const outcomes = await Promise.allSettled(work);
    expect(outcomes).toMatchObject([{ status: "fulfilled" }, { status: "rejected", reason: { code: "conflict" } }]);
    await engine.at("2026-03-06T03:00:00Z").observe();
    expect(await remaining(ref.accountId)).toBe(75_000_000n - burnedMicro(76_980n, 0, 2 * HOUR) - 2_000_000n);
  });
});
