import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { listOwners } from "@/lib/accounts/list-owners";
import { dispatchOutbox, dueDeliveries } from "@/lib/alerts/dispatch-outbox";
import { sendDelivery } from "@/lib/alerts/send-delivery";
import type { AccountContext } from "@/lib/context";
import { balanceAt } from "@/lib/credits/balance-at";
import { assignPlan } from "@/lib/credits/change-plan";
import { correctPod, correctUsage } from "@/lib/credits/correct-usage";
import { explainLine } from "@/lib/credits/explain-line";
import { ledgerLine, listLedger } from "@/lib/credits/list-ledger";
import { listLinkedLines } from "@/lib/credits/list-linked-lines";
import { readBalance } from "@/lib/credits/read-balance";
import { readConsumption } from "@/lib/credits/read-consumption";
import { settleGrants } from "@/lib/credits/settle-grants";
import { topUp } from "@/lib/credits/top-up";
import { firstRow, id, rows } from "@/lib/db/rows";
import { applyDeployment } from "@/lib/deployments/apply-deployment";
import { createDeployment } from "@/lib/deployments/create-deployment";
import { listDeployments } from "@/lib/deployments/list-deployments";
import { undeploy } from "@/lib/deployments/undeploy";
import { carryOutStop } from "@/lib/enforcement/carry-out-stop";
import { dueStops, dueStopsOf } from "@/lib/enforcement/due";
import { scheduleStop } from "@/lib/enforcement/predict-stop";
import { tickAccount } from "@/lib/enforcement/tick-accounts";
import type { Mailer } from "@/lib/mail/mailer";
import { recordFineTuning, startFineTuning } from "@/lib/models/record-fine-tuning";
import { usageRange } from "@/lib/usage/range";
import { readOverview } from "@/lib/usage/read-overview";
import { listWorkflows } from "@/lib/workflows/list-workflows";
import { createWorkflow, runWorkflow } from "@/lib/workflows/run-workflow";
import { Engine, HOUR, SUPPORT } from "./engine";

/** It stands in every name, address and reason of the other account, and nowhere else. */
const MARK = "bravo";

type Foreign = Record<
  "deploymentId" | "stopOrderId" | "deliveryId" | "workflowId" | "modelId" | "seq" | "resourceId",
  number
> & { podUid: string; hour: Date };
/** refused: says that there is no such thing. own: what the context's own account has. In each case nothing of the other account is in it, and nothing there has changed. */
type Case = {
  verb: string;
  act: (ctx: AccountContext, foreign: Foreign) => Promise<unknown>;
  gives: "refused" | "own" | { nothing: unknown };
};

let engine: Engine;
let own: AccountContext;
let other: number;
let foreign: Foreign;

const mailer: Mailer = { send: async () => {}, close: () => {} };
const supportEmail = SUPPORT;
const anyPart = { reason: "a correction", ref: "tenancy-correction" };

/** Everything that a verb of another account's context can be asked for by an id of this one. A new verb gets its line here. */
const CASES: Case[] = [
  {
    verb: "undeploy",
    gives: "refused",
    act: (ctx, { deploymentId }) => undeploy(ctx, { deploymentId, reason: "user" }),
  },
  {
    verb: "applyDeployment",
    gives: { nothing: "not_wanted" },
    act: (ctx, { deploymentId }) => applyDeployment(ctx, engine.platform, { deploymentId }),
  },
  {
    verb: "carryOutStop",
    gives: { nothing: { asked: false } },
    act: (ctx, { stopOrderId }) => carryOutStop(ctx, engine.platform, { stopOrderId }),
  },
  {
    verb: "sendDelivery",
    gives: { nothing: "not_due" },
    act: (ctx, { deliveryId }) =>
      sendDelivery(ctx, { deliveryId }, { mailer, appUrl: "http://localhost:3000", supportEmail }),
  },
  {
    verb: "runWorkflow",
    gives: "refused",
    act: (ctx, { workflowId }) => runWorkflow(ctx, { resourceId: workflowId, key: "foreign" }, { supportEmail }),
  },
  {
    verb: "recordFineTuning",
    gives: "refused",
    act: (ctx, { modelId }) =>
      recordFineTuning(ctx, {
        model: { resourceId: modelId },
        profileId: "model-a10x1",
        job: { basis: "reported", gpuMs: 1_000 },
        key: "foreign",
        occurredAt: ctx.now,
      }),
  },
  {
    verb: "correctUsage",
    gives: "refused",
    act: (ctx, part) => correctUsage(ctx, { ...anyPart, ...part, creditsMicro: 1n }),
  },
  { verb: "correctPod", gives: "refused", act: (ctx, { podUid }) => correctPod(ctx, { ...anyPart, podUid }) },
  { verb: "ledgerLine", gives: { nothing: undefined }, act: (ctx, { seq }) => ledgerLine(ctx, seq) },
  { verb: "explainLine", gives: "refused", act: (ctx, { seq }) => explainLine(ctx, seq) },
  { verb: "listLinkedLines", gives: { nothing: [] }, act: (ctx, { seq }) => listLinkedLines(ctx, seq) },
  { verb: "dueStopsOf", gives: { nothing: [] }, act: (ctx) => dueStopsOf(ctx) },
  { verb: "listOwners", gives: "own", act: (ctx) => listOwners(ctx) },
  { verb: "listLedger", gives: "own", act: (ctx) => listLedger(ctx, 1_000) },
  { verb: "listDeployments", gives: "own", act: (ctx) => listDeployments(ctx, ctx.now.getTime()) },
  { verb: "listWorkflows", gives: "own", act: (ctx) => listWorkflows(ctx) },
  { verb: "readBalance", gives: "own", act: (ctx) => readBalance(ctx) },
  { verb: "balanceAt", gives: "own", act: (ctx) => balanceAt(ctx, ctx.now) },
  {
    verb: "readConsumption",
    gives: "own",
    act: async (ctx) => (await readConsumption(ctx, [ctx.now.getTime()])).creditsMicroBefore(ctx.now.getTime()),
  },
  {
    verb: "readOverview",
    gives: "own",
    act: async (ctx) => readOverview(ctx, await readBalance(ctx), usageRange("7d", "UTC", ctx.now)),
  },
  { verb: "startFineTuning", gives: "own", act: (ctx) => startFineTuning(ctx, { supportEmail }) },
  { verb: "scheduleStop", gives: "own", act: (ctx) => scheduleStop(ctx, async () => {}) },
  { verb: "tickAccount", gives: "own", act: (ctx) => tickAccount(ctx) },
  { verb: "settleGrants", gives: "own", act: (ctx) => settleGrants(ctx) },
  {
    verb: "topUp",
    gives: "own",
    act: (ctx) => topUp(ctx, { credits: "1", reason: "a gift", ref: "the same in both" }),
  },
  { verb: "assignPlan", gives: "own", act: (ctx) => assignPlan(ctx, "team") },
  { verb: "createWorkflow", gives: "own", act: (ctx) => createWorkflow(ctx, { name: `${MARK} flow` }) },
  {
    verb: "createDeployment",
    gives: "own",
    act: (ctx) =>
      createDeployment(
        ctx,
        { name: `${MARK} script`, programId: "hello-http", profileId: "script-1x2", replicas: 1 },
        { programs: engine.platform.programs(), supportEmail },
      ),
  },
];

beforeAll(async () => {
  engine = await Engine.start();
  const accountId = await engine.account();
  await engine.member(accountId, "owner@alpha.test", "owner");
  await engine.deploy(accountId, { name: "alpha script" });
  other = await engine.account();
  foreign = await fillOther();
  own = engine.of(accountId, "owner@alpha.test");
});
afterAll(() => engine.dispose());

/** A history of everything that an account can have. */
async function fillOther(): Promise<Foreign> {
  const ctx = () => engine.of(other, `owner@${MARK}.test`);
  const options = { programs: engine.platform.programs(), supportEmail };
  await engine.member(other, `owner@${MARK}.test`, "owner");
  await engine.db.execute(sql`update account set name = ${`${MARK} account`} where account_id = ${other}`);
  const deploymentId = await engine.deploy(other, { name: `${MARK} script`, replicas: 2 });
  const model = await createDeployment(
    ctx(),
    { name: `${MARK} model`, programId: "echo-model", profileId: "model-a10x1", replicas: 1 },
    options,
  );
  const { resourceId: workflowId } = await createWorkflow(ctx(), { name: `${MARK} flow` });
  await runWorkflow(ctx(), { resourceId: workflowId, key: `${MARK} run` }, { supportEmail });
  await engine.observe();
  await engine.pass(2 * HOUR + 120_000).observe();
  await engine.settle();
  await topUp(ctx(), { credits: "5", reason: `${MARK} is a good customer`, ref: "the same in both" });
  await undeploy(ctx(), { deploymentId, reason: "user" });
  await dispatchOutbox(engine.ctx());
  const [stop] = await dueStops(engine.ctx());
  const delivery = (await dueDeliveries(engine.ctx())).find((due) => due.accountId === other);
  const found = await firstRow(
    engine.db,
    z.object({ model_id: id, resource_id: id, seq: id, hour: z.string(), pod_uid: z.string() }),
    sql`select m.resource_id as model_id, d.resource_id, (select max(seq) from ledger where account_id = ${other}) as seq,
        (select min(hour) from usage where account_id = ${other}) as hour, (select min(pod_uid) from segment where account_id = ${other}) as pod_uid
      from deployment m, deployment d where m.account_id = ${other} and m.deployment_id = ${model.deploymentId} and d.account_id = ${other} and d.deployment_id = ${deploymentId}`,
  );
  if (!stop || !delivery || !found) throw new Error("the other account has not all that is asked for");
  return {
    deploymentId,
    stopOrderId: stop.stopOrderId,
    deliveryId: delivery.deliveryId,
    workflowId,
    modelId: found.model_id,
    resourceId: found.resource_id,
    seq: found.seq,
    podUid: found.pod_uid,
    hour: new Date(found.hour),
  };
}

/** Every row of an account, in every table that has accounts. */
async function allRowsOf(accountId: number): Promise<string> {
  const tables = await rows(
    engine.db,
    z.object({ table_name: z.string() }),
    sql`select table_name from information_schema.columns where table_schema = 'public' and column_name = 'account_id' order by table_name`,
  );
  expect(tables.length).toBeGreaterThan(12);
  const parts = tables.map(
    ({ table_name }) =>
      sql`select ${table_name} as name, t::text as row from ${sql.identifier(table_name)} t where account_id = ${accountId}`,
  );
  return JSON.stringify(await engine.db.execute(sql`${sql.join(parts, sql` union all `)} order by 1, 2`));
}

const written = (value: unknown) =>
  JSON.stringify(value, (_, part) => (typeof part === "bigint" ? part.toString() : part)) ?? "";

describe("one account's data", () => {
  test.each(CASES.map((one) => [one.verb, one] as const))(
    "is neither shown nor changed by %s in another account's name (R2)",
    async (_, { act, gives }) => {
      const [before, ownBefore] = [await allRowsOf(other), await allRowsOf(own.accountId)];
      const stops = engine.platform.stops.length;
      if (gives === "refused")
        await expect(act(own, foreign)).rejects.toMatchObject({
          code: "not_found",
          message: expect.not.stringContaining(MARK),
        });
      else if (gives === "own") expect(written(await act(own, foreign))).not.toContain(MARK);
      else expect(await act(own, foreign)).toEqual(gives.nothing);
      expect(await allRowsOf(other)).toBe(before);
      expect(engine.platform.stops).toHaveLength(stops);
      if (gives !== "own") expect(await allRowsOf(own.accountId)).toBe(ownBefore);
    },
  );

  test("is asked for by each verb in this table: a new one is added here (R2)", async () => {
    const lib = path.resolve(import.meta.dirname, "../lib");
    const files = (await readdir(lib, { recursive: true })).filter(
      (name) => name.endsWith(".ts") && !name.endsWith(".test.ts"),
    );
    const sources = await Promise.all(files.map((name) => readFile(path.join(lib, name), "utf8")));
    const verbs = sources.flatMap((source) =>
      [...source.matchAll(/export (?:async )?function (\w+)\(\s*ctx: AccountContext/g)].map(([, name]) => name),
    );
    expect(new Set(CASES.map(({ verb }) => verb))).toEqual(new Set(verbs));
  });
});
