import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { burnedMicro } from "@/lib/billing/burn";
import { backoffMs } from "@/lib/billing/enforcement";
import { readBalance } from "@/lib/credits/read-balance";
import { topUp } from "@/lib/credits/top-up";
import { id, instant, rows } from "@/lib/db/rows";
import { applyDeployment } from "@/lib/deployments/apply-deployment";
import { undeploy } from "@/lib/deployments/undeploy";
import { carryOutStop } from "@/lib/enforcement/carry-out-stop";
import { dueStopsOf, unappliedDeployments } from "@/lib/enforcement/due";
import { PodmeterError } from "@/lib/errors";
import { faultsIn } from "@/test/books";
import { Engine, HOUR, MINUTE } from "@/test/engine";

let engine: Engine;
beforeAll(async () => {
  engine = await Engine.start({ connections: 20 });
});
afterAll(() => engine.dispose());

const RATE = 307_920n;
type Ref = { accountId: number; deploymentId: number };

/** An account at its limit: 6.2 of its 6 credits are burnt, and no tick has looked yet. */
async function atTheLimit(from: string): Promise<Ref> {
  const accountId = await engine.at(from).account({ creditsMicro: 1_100_000n });
  const deploymentId = await engine.deploy(accountId, { replicas: 10 });
  await engine.observe();
  await engine.pass(2 * HOUR).observe();
  return { accountId, deploymentId };
}

const orders = ({ accountId, deploymentId }: Ref) =>
  rows(
    engine.db,
    z.object({
      stop_order_id: id,
      state: z.string(),
      attempts: id,
      crossed_at: instant.nullable(),
      stopped_at: instant.nullable(),
      last_error: z.string().nullable(),
    }),
    sql`select stop_order_id, state, attempts, crossed_at, stopped_at, last_error from stop_order
      where account_id = ${accountId} and deployment_id = ${deploymentId} order by stop_order_id`,
  );

const messages = ({ accountId }: Ref, kind: string) =>
  engine.count(sql`select count(*) from outbox where account_id = ${accountId} and kind = ${kind}`);

describe("a stop order", () => {
  test("that many workers take up at once is attempted once at a time, always as the same operation (E3, E8)", async () => {
    const ref = await atTheLimit("2026-03-01T00:00:00Z");
    engine.platform.veil = (pod) =>
      pod.accountId === ref.accountId ? { ...pod, phase: "running", finishedAt: null } : pod;
    await engine.tick();
    const [stop] = await dueStopsOf(engine.of(ref.accountId));
    if (!stop) throw new Error("nothing was ordered");
    for (let attempt = 1; attempt <= 5; attempt++) {
      const asked = await Promise.all(
        Array.from({ length: 20 }, () => carryOutStop(engine.of(ref.accountId), engine.platform, stop)),
      );
      expect(asked.filter((result) => result.asked)).toHaveLength(1);
      await engine.pass(backoffMs(attempt - 1)).observe();
    }
    engine.platform.veil = (pod) => pod;
    await engine.observe();
    expect(new Set(engine.platform.stopsOf(ref))).toEqual(new Set([`stop-${ref.accountId}-${stop.stopOrderId}`]));
    expect(engine.platform.stopsOf(ref)).toHaveLength(5);
    const attempts = await rows(
      engine.db,
      z.object({ attempt: id, outcome: z.string() }),
      sql`select attempt, outcome from stop_attempt where account_id = ${ref.accountId} order by attempt`,
    );
    expect(attempts).toEqual([1, 2, 3, 4, 5].map((attempt) => ({ attempt, outcome: "asked" })));
    expect(await orders(ref)).toMatchObject([{ state: "stopped", attempts: 5 }]);
    expect(await messages(ref, "stopped")).toBe(1);
  });

  test("outlasts a platform that is away for an hour; what runs on is billed to its true end, and the proof comes once (E3, E8, C5)", async () => {
    const ref = await atTheLimit("2026-03-02T00:00:00Z");
    await engine.tick();
    engine.platform.failure = new PodmeterError("platform_unavailable", "The platform is away.");
    for (let minute = 0; minute < 60; minute += 5) {
      await engine.carryOutStops();
      await expect(engine.observe()).rejects.toThrow("away");
      engine.pass(5 * MINUTE);
    }
    expect(await orders(ref)).toMatchObject([
      { state: "failed", attempts: 12, last_error: "not asked: The platform is away." },
    ]);
    engine.platform.failure = null;
    await engine.round();
    await engine.pass(HOUR).round();
    expect(await orders(ref)).toMatchObject([{ state: "stopped", attempts: 13, last_error: null }]);
    expect(await messages(ref, "stopped")).toBe(1);
    const { remainingMicro } = await readBalance(engine.of(ref.accountId));
    expect(remainingMicro).toBe(1_100_000n - 10n * burnedMicro(RATE, 0, 3 * HOUR));
  });

  test("that the platform could not be asked for has not been carried out: a top-up takes it back (E6)", async () => {
    const ref = await atTheLimit("2026-03-03T00:00:00Z");
    await engine.tick();
    engine.platform.failure = new PodmeterError("platform_unavailable", "The platform is away.");
    await engine.carryOutStops();
    engine.platform.failure = null;
    const result = await topUp(engine.of(ref.accountId), {
      credits: "50",
      reason: "a good customer",
      ref: "while it was away",
    });
    expect(result.stopsCancelled).toBe(1);
    await engine.pass(MINUTE).round();
    expect(await orders(ref)).toMatchObject([{ state: "cancelled" }]);
    expect(engine.platform.alive(ref)).toHaveLength(10);
    expect(engine.platform.stopsOf(ref)).toEqual([]);
  });

  test("knows when the limit was truly crossed, to the millisecond (E2)", async () => {
    const from = Date.parse("2026-03-04T00:00:00Z");
    const ref = await atTheLimit(new Date(from).toISOString());
    await engine.tick();
    const crossedMs = (await orders(ref))[0]?.crossed_at?.getTime() ?? 0;
    const owed = (ms: number) => 10n * burnedMicro(RATE, from, ms);
    expect(owed(crossedMs)).toBeGreaterThanOrEqual(6_100_000n);
    expect(owed(crossedMs - 1)).toBeLessThan(6_100_000n);
  });

  test("knows a crossing, and is carried out, though its worker died right after the tick (E2, E8)", async () => {
    const ref = await atTheLimit("2026-03-05T00:00:00Z");
    const at = engine.clock.now;
    await engine.db.execute(
      sql`select tick(a.shard, a.account_id, ${at.toISOString()}::timestamptz) from account a where a.account_id = ${ref.accountId}`,
    );
    await engine.pass(5_000).round();
    expect(await orders(ref)).toMatchObject([{ state: "stopped", crossed_at: at }]);
    expect(await faultsIn(engine.ctx())).toEqual([]);
  });

  test("is given anew when a pod comes back, which is billed for each time that it ran (E3, C4)", async () => {
    const accountId = await engine.at("2026-03-06T00:00:00Z").account();
    const ref = { accountId, deploymentId: await engine.deploy(accountId) };
    await engine.observe();
    await undeploy(engine.of(accountId), { deploymentId: ref.deploymentId, reason: "user" });
    await engine.pass(MINUTE).round();
    engine.platform.start(ref);
    await engine.pass(MINUTE).round();
    await engine.pass(MINUTE).round();
    expect(await orders(ref)).toMatchObject([{ state: "stopped" }, { state: "stopped" }]);
    expect(engine.platform.alive(ref)).toEqual([]);
    const { remainingMicro } = await readBalance(engine.of(accountId));
    expect(remainingMicro).toBe(75_000_000n - 2n * burnedMicro(RATE, 0, MINUTE));
  });

  test("that was begun goes on after a top-up, and nothing starts what it stopped (E6)", async () => {
    const ref = await atTheLimit("2026-03-07T00:00:00Z");
    await engine.tick();
    await engine.carryOutStops();
    const result = await topUp(engine.of(ref.accountId), {
      credits: "50",
      reason: "a good customer",
      ref: "too late for it",
    });
    expect(result.stopsCancelled).toBe(0);
    for (const due of await unappliedDeployments(engine.ctx()))
      await applyDeployment(engine.of(due.accountId), engine.platform, due);
    await engine.pass(MINUTE).round();
    expect(await orders(ref)).toMatchObject([{ state: "stopped" }]);
    expect(engine.platform.alive(ref)).toEqual([]);
    await engine.deploy(ref.accountId);
  });

  test("is not thought failed because an attempt that took long fails after the next one was asked (E3, E6)", async () => {
    const ref = await atTheLimit("2026-03-08T00:00:00Z");
    engine.platform.veil = (pod) =>
      pod.accountId === ref.accountId ? { ...pod, phase: "running", finishedAt: null } : pod;
    await engine.tick();
    const [stop] = await dueStopsOf(engine.of(ref.accountId));
    if (!stop) throw new Error("nothing was ordered");
    let fail = (_error: Error) => {};
    let asked = () => {};
    const begun = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const slow = Object.assign(Object.create(engine.platform), {
      stop: () =>
        new Promise((_, reject) => {
          fail = reject;
          asked();
        }),
    });
    const first = carryOutStop(engine.of(ref.accountId), slow, stop);
    await begun;
    await carryOutStop(engine.pass(MINUTE).of(ref.accountId), engine.platform, stop);
    fail(new Error("no answer"));
    await first;
    expect(await orders(ref)).toMatchObject([{ state: "stopping", attempts: 2, last_error: null }]);
    expect(
      await topUp(engine.of(ref.accountId), { credits: "50", reason: "too late", ref: "after two attempts" }),
    ).toMatchObject({ stopsCancelled: 0 });
    engine.platform.veil = (pod) => pod;
    await engine.round();
    expect(await orders(ref)).toMatchObject([{ state: "stopped" }]);
  });
});
