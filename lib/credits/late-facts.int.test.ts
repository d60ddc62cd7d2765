import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { burnedMicro } from "@/lib/billing/burn";
import { readBalance } from "@/lib/credits/read-balance";
import { run } from "@/lib/db/rows";
import { faultsIn } from "@/test/books";
import { Engine, HOUR, MINUTE } from "@/test/engine";

let engine: Engine;
beforeAll(async () => {
  engine = await Engine.start();
});
afterAll(() => engine.dispose());

const RATE = 307_920n;
const cost = (ms: number) => burnedMicro(RATE, 0, ms);

/** A deployment whose one pod has run for two settled hours and some minutes. */
async function settledDeployment(day: string) {
  const accountId = await engine.at(`${day}T00:00:00Z`).account();
  const ref = { accountId, deploymentId: await engine.deploy(accountId) };
  await engine.observe();
  await engine.pass(2 * HOUR + 2 * MINUTE).observe();
  await engine.settle();
  return ref;
}

const lines = async (accountId: number) =>
  (await engine.ledger(accountId)).map(({ kind, credits_micro }) => ({ kind, credits_micro }));

describe("a fact that comes after its hour was settled", () => {
  test("is charged by a line of its own, hour by hour, and the lines before stay as they were (C2, C8)", async () => {
    const ref = await settledDeployment("2026-03-01");
    const before = await engine.ledger(ref.accountId);
    engine.at("2026-03-01T00:20:00.007Z");
    const late = engine.platform.start(ref, 1);
    engine.at("2026-03-01T01:50:00.011Z");
    engine.platform.end(late);
    await engine.at("2026-03-01T02:03:00Z").observe();
    const after = await engine.ledger(ref.accountId);
    expect(after.slice(0, -1)).toEqual(before);
    expect(after.at(-1)).toMatchObject({
      kind: "late_usage",
      credits_micro: -cost(90 * MINUTE + 4),
      period_from: "2026-03-01 00:00:00+00",
      period_to: "2026-03-01 02:00:00+00",
    });
    expect((await engine.usage(ref.accountId)).map((row) => row.running_ms)).toEqual([
      HOUR + 40 * MINUTE - 7,
      HOUR + 50 * MINUTE + 11,
    ]);
    expect(await faultsIn(engine.ctx())).toEqual([]);
  });

  test("is charged up to where the ledger stands and from there on like any other, when the pod still runs (C2)", async () => {
    const ref = await settledDeployment("2026-03-02");
    engine.at("2026-03-02T01:30:00Z");
    engine.platform.start(ref, 1);
    await engine.at("2026-03-02T03:02:00Z").observe();
    await engine.settle();
    expect((await lines(ref.accountId)).slice(-2)).toEqual([
      { kind: "late_usage", credits_micro: -cost(30 * MINUTE) },
      { kind: "usage", credits_micro: -2n * cost(HOUR) },
    ]);
    expect(await faultsIn(engine.ctx())).toEqual([]);
  });

  test("an end before what was settled gives the rest back (C5, C8)", async () => {
    const ref = await settledDeployment("2026-03-03");
    const [pod] = engine.platform.alive(ref);
    if (!pod) throw new Error("nothing runs");
    engine.at("2026-03-03T00:45:00Z");
    engine.platform.end(pod);
    await engine.at("2026-03-03T02:05:00Z").observe();
    expect((await lines(ref.accountId)).at(-1)).toEqual({
      kind: "late_usage",
      credits_micro: cost(2 * HOUR) - cost(45 * MINUTE),
    });
    expect((await readBalance(engine.of(ref.accountId))).remainingMicro).toBe(75_000_000n - cost(45 * MINUTE));
    expect(await faultsIn(engine.ctx())).toEqual([]);
  });

  test("told twice, by two workers at once, is charged once (E8)", async () => {
    const ref = await settledDeployment("2026-03-04");
    const second = engine.anotherWorker();
    engine.at("2026-03-04T00:20:00Z");
    engine.platform.start(ref, 1);
    engine.at("2026-03-04T02:03:00Z");
    await Promise.all([engine.observe(), second.observe(), engine.observe({ finished: new Set() })]);
    await second.dispose();
    expect((await lines(ref.accountId)).filter(({ kind }) => kind === "late_usage")).toHaveLength(1);
    expect(await faultsIn(engine.ctx())).toEqual([]);
  });
});

describe("history", () => {
  const TABLES = ["ledger", "usage", "usage_event", "credit_grant", "price", "alert", "audit_log", "stop_attempt"];

  test.each(TABLES)("%s cannot be rewritten, not even a column to its own value (C8)", async (table) => {
    const column = table === "price" ? "profile_id" : "account_id";
    for (const statement of [
      `update ${table} set ${column} = ${column}`,
      `delete from ${table}`,
      `truncate ${table}`,
    ]) {
      await expect(run(engine.db, sql.raw(statement))).rejects.toThrow("append-only");
    }
  });
});
