import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { burnedMicro } from "@/lib/billing/burn";
import { readBalance } from "@/lib/credits/read-balance";
import { topUp } from "@/lib/credits/top-up";
import { Engine, HOUR, MINUTE } from "@/test/engine";

let engine: Engine;
beforeAll(async () => {
  engine = await Engine.start();
});
afterAll(() => engine.dispose());

const RATE = 307_920n;

describe("accrual", () => {
  test("a new account has 75 credits and 10,000 runs, as a free grant with a ledger line (A1)", async () => {
    const accountId = await engine.at("2026-03-01T00:20:00Z").account();
    const balance = await readBalance(engine.of(accountId));
    expect([balance.remainingMicro, balance.runsRemaining]).toEqual([75_000_000n, 10_000n]);
    expect(await engine.ledger(accountId)).toMatchObject([
      { kind: "grant", credits_micro: 75_000_000n, runs: 10_000n, balance_after_micro: 75_000_000n },
    ]);
  });

  test("the live balance is the settled one less what runs owe, to the micro-credit, before and after settlement (C2, C6)", async () => {
    const accountId = await engine.at("2026-03-01T01:10:00Z").account();
    await engine.deploy(accountId, { replicas: 2 });
    await engine.pass(1).observe();
    for (const minutes of [1, 7, 51, 61, 135, 200]) {
      engine.at(Date.parse("2026-03-01T01:10:00Z") + minutes * MINUTE + 17);
      await engine.observe();
      const before = await readBalance(engine.of(accountId));
      await engine.settle();
      const after = await readBalance(engine.of(accountId));
      const owed = 2n * burnedMicro(RATE, 0, minutes * MINUTE + 17);
      expect([before.remainingMicro, after.remainingMicro]).toEqual([75_000_000n - owed, 75_000_000n - owed]);
    }
    expect(await engine.usage(accountId)).toHaveLength(3);
  });
});

describe("the limit", () => {
  test("crossing several thresholds at once records all and tells the highest only (N5)", async () => {
    const accountId = await engine.at("2026-03-02T00:00:00Z").account({ creditsMicro: 1_100_000n });
    await engine.deploy(accountId, { replicas: 4 });
    await engine.observe();
    engine.pass(45 * MINUTE);
    await engine.observe();
    await engine.tick();
    await engine.tick();
    expect(await engine.count(sql`select count(*) from alert where account_id = ${accountId}`)).toBe(3);
    expect(
      await engine.count(sql`select count(*) from outbox where account_id = ${accountId} and kind = 'threshold'`),
    ).toBe(1);
  });

  test("at the negative limit the account closes, everything is ordered to stop, ends by proof, and the message goes out once (A6, E3, E4)", async () => {
    const accountId = await engine.at("2026-03-03T00:00:00Z").account({ creditsMicro: 2_000_000n });
    const deploymentId = await engine.deploy(accountId, { replicas: 10 });
    await engine.observe();
    engine.pass(2 * HOUR + 20 * MINUTE);
    await engine.observe();
    await engine.round();
    await engine.pass(10).round();
    const orders = await engine.count(
      sql`select count(*) from stop_order where account_id = ${accountId} and state = 'stopped' and reason = 'limit'`,
    );
    expect(orders).toBe(1);
    expect(engine.platform.alive({ accountId, deploymentId })).toEqual([]);
    expect((await readBalance(engine.of(accountId))).closedAt).not.toBeNull();
    await expect(engine.deploy(accountId)).rejects.toMatchObject({ code: "account_closed" });
    const balance = (await readBalance(engine.of(accountId))).remainingMicro;
    await engine.pass(5 * HOUR).round();
    expect((await readBalance(engine.of(accountId))).remainingMicro).toBe(balance);
    expect(
      await engine.count(
        sql`select count(*) from outbox where account_id = ${accountId} and kind in ('limit_reached','stopped')`,
      ),
    ).toBe(2);
    await topUp(engine.of(accountId, "ops@example.test"), {
      credits: "50",
      reason: "a good customer",
      ref: "test-top-up",
    });
    expect((await readBalance(engine.of(accountId))).closedAt).toBeNull();
    await engine.deploy(accountId);
  });
});
