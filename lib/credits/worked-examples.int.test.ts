import { readFile } from "node:fs/promises";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { MICRO_PER_CREDIT, parseCredits } from "@/lib/billing/amount";
import { changePrice } from "@/lib/credits/change-price";
import { correctUsage } from "@/lib/credits/correct-usage";
import { explainLine } from "@/lib/credits/explain-line";
import { listLedger } from "@/lib/credits/list-ledger";
import { openAccount, SHARD_COUNT } from "@/lib/credits/open-account";
import { readBalance } from "@/lib/credits/read-balance";
import { topUp } from "@/lib/credits/top-up";
import { verifyLedger } from "@/lib/credits/verify-ledger";
import { id, micro, rows } from "@/lib/db/rows";
import { applyDeployment } from "@/lib/deployments/apply-deployment";
import { createDeployment } from "@/lib/deployments/create-deployment";
import { formatPercent } from "@/lib/format";
import { recordFineTuning } from "@/lib/models/record-fine-tuning";
import type { ObservedPod } from "@/lib/platform/platform";
import { Engine, SUPPORT } from "@/test/engine";
import { type Act, EXAMPLES, PERCENTAGES } from "@/test/worked-examples";
import { DOCUMENT, withTables } from "@/test/worked-examples-doc";

let engine: Engine;
beforeAll(async () => {
  engine = await Engine.start();
});
afterAll(() => engine.dispose());

const inMicro = (credits: string) => parseCredits(credits) ?? 0n;
const written = (creditsMicro: bigint) => {
  const size = creditsMicro < 0n ? -creditsMicro : creditsMicro;
  return `${size / MICRO_PER_CREDIT}.${(size % MICRO_PER_CREDIT).toString().padStart(6, "0")}`;
};

test.each(EXAMPLES)("worked example: $id ($rows)", async ({ account, steps }) => {
  engine.platform.veil = (pod) => pod;
  const { accountId } = await openAccount(engine.at(steps[0].at).ctx(), {
    name: "Example",
    timeZone: account.timeZone ?? "UTC",
    planId: account.planId ?? "free",
    anchorDay: account.anchorDay,
    creditsMicro: inMicro(account.credits),
    runs: 0n,
  });
  let known = 0;
  for (const { at, acts, remaining, lines, takenFrom } of steps) {
    engine.at(at);
    for (const act of acts ?? []) await perform(accountId, act);
    if (!engine.platform.failure) await engine.observe();
    await engine.settleGrants();
    // The account has its shard to itself.
    await engine.tick([accountId % SHARD_COUNT]);
    await engine.settle([accountId % SHARD_COUNT]);
    if (!engine.platform.failure) await engine.observe();
    const balance = (await readBalance(engine.of(accountId))).remainingMicro;
    expect(`${balance < 0n ? "-" : ""}${written(balance)}`).toBe(remaining);

    const found = await linesAfter(accountId, known);
    if (lines) expect(found.map(({ words }) => words)).toEqual(lines);
    known = found.at(-1)?.seq ?? known;
    if (takenFrom) {
      const [line] = await listLedger(engine.of(accountId), 1, { kind: "usage" });
      const explained = await explainLine(engine.of(accountId), line?.seq ?? 0);
      expect(explained.takenFrom.map((part) => `${part.kind} ${written(part.creditsMicro)}`)).toEqual(takenFrom);
    }
    expect((await verifyLedger(engine.ctx())).flatMap(({ differences }) => differences)).toEqual([]);
  }
  // What this example left running would be in the way of the next one's outages.
  for (const pod of podsOf(accountId)) if (pod.phase === "running") engine.platform.end(pod);
});

test.each(PERCENTAGES)("worked example: $part of $whole is $written (U3)", ({ part, whole, written: percent }) => {
  expect(formatPercent(inMicro(part), inMicro(whole))).toBe(percent);
});

test("the tables of docs/billing-rules.md are these examples, written by test/worked-examples-doc.ts --write", async () => {
  const document = await readFile(DOCUMENT, "utf8");
  expect(withTables(document)).toBe(document);
});

const podsOf = (accountId: number) => engine.platform.pods.filter((pod) => pod.accountId === accountId);

function onlyPod(accountId: number): ObservedPod {
  const pod = podsOf(accountId).at(-1);
  if (!pod) throw new Error("the example has no pod");
  return pod;
}

/** The examples are about credits: lines that move nothing but runs are not told. */
async function linesAfter(accountId: number, seq: number) {
  const found = await rows(
    engine.db,
    z.object({ seq: id, kind: z.string(), credits_micro: micro, debt_paid_micro: micro.nullable() }),
    sql`select seq, kind, credits_micro, debt_paid_micro from ledger where account_id = ${accountId} and seq > ${seq}
        and (credits_micro <> 0 or debt_paid_micro is not null) order by seq`,
  );
  return found.map((line) => ({
    seq: line.seq,
    words:
      line.kind === "settlement"
        ? `settlement of ${written(line.debt_paid_micro ?? 0n)}`
        : `${line.kind} ${line.credits_micro < 0n ? "−" : "+"}${written(line.credits_micro)}`,
  }));
}

async function perform(accountId: number, act: Act): Promise<void> {
  const ctx = engine.of(accountId, "ops@example.test");
  const note = { reason: "a worked example", ref: `example-${accountId}-${Math.random()}` };
  switch (act.do) {
    case "deploy":
      await deploy(accountId, act.profileId, act.replicas ?? 1);
      return;
    case "restart":
      engine.platform.start(onlyPod(accountId));
      return;
    case "crash":
    case "end":
      engine.platform.end(onlyPod(accountId));
      return;
    case "vanish":
      engine.platform.pods.splice(engine.platform.pods.indexOf(onlyPod(accountId)), 1);
      return;
    case "end unseen": {
      const pod = onlyPod(accountId);
      engine.platform.end(pod);
      engine.platform.veil = (seen) =>
        seen.podUid === pod.podUid ? { ...seen, phase: "running", finishedAt: null } : seen;
      return;
    }
    case "see the end":
      engine.platform.veil = (pod) => pod;
      return;
    case "platform away":
      engine.platform.failure = new Error("away");
      return;
    case "platform back":
      engine.platform.failure = null;
      return;
    case "price":
      await changePrice(ctx, { ...act, inForceFrom: new Date(act.inForceFrom) });
      return;
    case "top up":
      await topUp(ctx, { ...note, credits: act.credits, expiresAt: act.expiresAt ? new Date(act.expiresAt) : null });
      return;
    case "correct": {
      const [line] = await listLedger(ctx, 1, { kind: "usage" });
      const { usage } = await explainLine(ctx, line?.seq ?? 0);
      const charge = usage[0];
      if (!line || !charge) throw new Error("the example has nothing to correct");
      const { resourceId, deploymentId } = charge;
      const creditsMicro = inMicro(act.credits);
      await correctUsage(ctx, {
        ...note,
        seq: line.seq,
        hour: new Date(act.hour),
        resourceId,
        deploymentId,
        creditsMicro,
      });
      return;
    }
    case "fine-tuning":
      await fineTune(accountId, act);
  }
}

async function createModel(accountId: number, programId: string, profileId: string, replicas: number) {
  return createDeployment(
    engine.of(accountId),
    { name: "example", programId, profileId, replicas },
    { programs: engine.platform.programs(), supportEmail: SUPPORT },
  );
}

async function deploy(accountId: number, profileId: string, replicas: number): Promise<void> {
  const programId = profileId.startsWith("model") ? "echo-model" : "hello-http";
  const { deploymentId } = await createModel(accountId, programId, profileId, replicas);
  await applyDeployment(engine.of(accountId), engine.platform, { deploymentId });
}

async function fineTune(accountId: number, act: Extract<Act, { do: "fine-tuning" }>): Promise<void> {
  // A model that is trained and does not run.
  await createModel(accountId, "echo-model", act.profileId, 1);
  await recordFineTuning(engine.of(accountId), {
    model: { name: "example" },
    profileId: act.profileId,
    job:
      "gpuMs" in act
        ? { basis: "reported", gpuMs: act.gpuMs }
        : { basis: "estimated", trainingTokens: act.trainingTokens, epochs: act.epochs, sizeClass: act.sizeClass },
    key: engine.clock.now.toISOString(),
    occurredAt: engine.clock.now,
  });
}
