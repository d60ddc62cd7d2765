import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { changePrice } from "@/lib/credits/change-price";
import { explainLine } from "@/lib/credits/explain-line";
import { listLedger } from "@/lib/credits/list-ledger";
import { readBalance } from "@/lib/credits/read-balance";
import { verifyLedger } from "@/lib/credits/verify-ledger";
import { micro, rows } from "@/lib/db/rows";
import { createDeployment } from "@/lib/deployments/create-deployment";
import { recordFineTuning, startFineTuning } from "@/lib/models/record-fine-tuning";
import { Engine, HOUR, SUPPORT } from "@/test/engine";

let engine: Engine;
beforeAll(async () => {
  engine = await Engine.start();
});
afterAll(() => engine.dispose());

const remaining = async (accountId: number) => (await readBalance(engine.of(accountId))).remainingMicro;
async function accountWithModel(creditsMicro = 75_000_000n, name = "support-bot") {
  const accountId = await engine.account({ creditsMicro });
  const { deploymentId } = await createDeployment(
    engine.of(accountId),
    { name, programId: "echo-model", profileId: "model-a10x1", replicas: 1 },
    { programs: engine.platform.programs(), supportEmail: SUPPORT },
  );
  return { accountId, deploymentId };
}

test("a fine-tuning job starts with more than 25 credits, and with 25 is refused in words that say what to do (A8)", async () => {
  const above = await engine.at("2026-03-01T00:00:00Z").account({ creditsMicro: 25_000_001n });
  await startFineTuning(engine.of(above), { supportEmail: SUPPORT });
  const at25 = await engine.account({ creditsMicro: 25_000_000n });
  await expect(startFineTuning(engine.of(at25), { supportEmail: SUPPORT })).rejects.toMatchObject({
    code: "below_fine_tuning_floor",
    message: expect.stringContaining(SUPPORT),
  });
});

test("a job is charged once by its key, with the formula and its inputs beside the charge (P2, C6)", async () => {
  const { accountId } = await accountWithModel();
  await engine.pass(5 * HOUR).observe();
  const job = {
    model: { name: "support-bot" },
    profileId: "model-a100x1",
    job: { basis: "reported" as const, gpuMs: 2.5 * HOUR },
    key: "job-1",
    occurredAt: engine.clock.now,
  };
  expect(await recordFineTuning(engine.of(accountId), job)).toMatchObject({
    recorded: true,
    creditsMicro: 15_000_000n,
  });
  expect(await recordFineTuning(engine.of(accountId), job)).toMatchObject({ recorded: false });
  expect(await remaining(accountId)).toBe(60_000_000n);
  const [line] = await listLedger(engine.of(accountId), 1, { kind: "event" });
  const explained = await explainLine(engine.of(accountId), line?.seq ?? 0);
  expect(explained.events).toMatchObject([
    {
      key: "job-1",
      creditsMicro: 15_000_000n,
      detail: {
        formula: "reported GPU hours × credits per hour",
        inputs: { gpuMs: 2.5 * HOUR, profileId: "model-a100x1", creditsPerHourMicro: "6000000" },
      },
    },
  ]);
  expect(explained.takenFrom.map((part) => [part.kind, part.creditsMicro])).toEqual([["free", 15_000_000n]]);
});

test("without reported hours they are estimated, at the price that was in force when the job took place (P2, C3)", async () => {
  const { accountId } = await accountWithModel();
  const then = engine.pass(HOUR).clock.now;
  await changePrice(engine.pass(1).ctx(), { profileId: "model-a10x1", creditsPerHour: "9", inForceFrom: null });
  const job = {
    model: { name: "support-bot" },
    profileId: "model-a10x1",
    job: { basis: "estimated" as const, trainingTokens: 9_000_000n, epochs: 3, sizeClass: "medium" as const },
    key: "job-1",
    occurredAt: then,
  };
  expect(await recordFineTuning(engine.of(accountId), job)).toMatchObject({
    creditsMicro: 19_062_000n,
    gpuMs: 9 * HOUR,
  });
});

test("a model's credits are kept apart by component: hosting, fine-tuning, inference, storage (P1), and guardrails come out of the same credits (P3)", async () => {
  const { accountId } = await accountWithModel();
  const begin = engine.clock.now.getTime();
  const charge = (component: string, kind: string, resourceId: number, creditsMicro: string) => ({
    accountId,
    key: component + kind,
    kind,
    component,
    resourceId,
    runs: "0",
    creditsMicro,
    occurredAt: new Date(begin).toISOString(),
  });
  const events = [
    charge("storage", "model", 1, "1000000"),
    charge("inference", "model", 1, "2000000"),
    charge("inference", "guardrail", 2, "4000000"),
  ];
  await engine.db.execute(
    sql`select * from record_events(${JSON.stringify(events)}::jsonb, false, ${new Date(begin).toISOString()}::timestamptz)`,
  );
  await recordFineTuning(engine.of(accountId), {
    model: { name: "support-bot" },
    profileId: "model-a100x1",
    job: { basis: "reported", gpuMs: HOUR },
    key: "job-2",
    occurredAt: engine.clock.now,
  });
  const byComponent = await rows(
    engine.db,
    z.object({ kind: z.string(), component: z.string(), credits_micro: micro }),
    sql`select kind, component, sum(credits_micro)::bigint as credits_micro from usage where account_id = ${accountId} group by 1, 2 order by 1, 2`,
  );
  expect(byComponent.map((row) => [row.kind, row.component, row.credits_micro])).toEqual([
    ["guardrail", "inference", 4_000_000n],
    ["model", "fine_tuning", 6_000_000n],
    ["model", "inference", 2_000_000n],
    ["model", "storage", 1_000_000n],
  ]);
  expect(await remaining(accountId)).toBe(62_000_000n);
  expect((await verifyLedger(engine.ctx())).flatMap((result) => result.differences)).toEqual([]);
});

test.each([
  ["an unknown model", { model: { name: "nobody" } }, /no such model/],
  ["hardware that is not there", { profileId: "model-h200x9" }, /no such hardware/],
  ["hardware for scripts", { profileId: "script-4x8" }, /no such hardware/],
  ["a size that does not train there", { profileId: "model-t4x1" }, /cannot be estimated/],
  ["a job to come", { occurredAt: new Date("2099-01-01") }, /lies in the future/],
  ["negative GPU time", { job: { basis: "reported" as const, gpuMs: -1 } }, /not negative/],
])("%s is refused, and nothing is charged (P2)", async (_what, over, words) => {
  const { accountId } = await accountWithModel();
  const job = {
    model: { name: "support-bot" },
    profileId: "model-a10x1",
    job: { basis: "estimated" as const, trainingTokens: 1_000n, epochs: 1, sizeClass: "large" as const },
    key: "job-3",
    occurredAt: engine.clock.now,
  };
  await expect(recordFineTuning(engine.of(accountId), { ...job, ...over })).rejects.toThrow(words);
  expect(await engine.count(sql`select count(*) from usage_event where account_id = ${accountId}`)).toBe(0);
});
