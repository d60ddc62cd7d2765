import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { burnedMicro } from "@/lib/billing/burn";
import { balanceAt } from "@/lib/credits/balance-at";
import { changePlan } from "@/lib/credits/change-plan";
import { changePrice } from "@/lib/credits/change-price";
import { correctPod, correctUsage } from "@/lib/credits/correct-usage";
import { explainLine } from "@/lib/credits/explain-line";
import { listLedger } from "@/lib/credits/list-ledger";
import { readBalance } from "@/lib/credits/read-balance";
import { topUp } from "@/lib/credits/top-up";
import { verifyLedger } from "@/lib/credits/verify-ledger";
import { Engine, HOUR, MINUTE } from "@/test/engine";

let engine: Engine;
beforeAll(async () => {
  engine = await Engine.start();
});
afterAll(() => engine.dispose());

const DAY = 24 * HOUR;
const RATE = 307_920n;
const remaining = async (accountId: number) => (await readBalance(engine.of(accountId))).remainingMicro;
const differences = async () => (await verifyLedger(engine.ctx())).filter((result) => result.differences.length > 0);

test("a cycle's grant comes on the anchor day and takes along what is left of it; a debt is paid by the next one (A7, A9, C7)", async () => {
  const accountId = await engine.at("2026-01-31T10:00:00Z").account({ creditsMicro: 0n, runs: 0n, planId: "team" });
  await engine.observe();
  expect(await remaining(accountId)).toBe(300_000_000n);
  await engine.deploy(accountId, { replicas: 1 });
  await engine.observe();
  await engine.at("2026-02-28T06:00:00Z").round();
  const used = burnedMicro(RATE, 0, Date.parse("2026-02-28T06:00:00Z") - Date.parse("2026-01-31T10:00:00Z"));
  const usedBefore = burnedMicro(RATE, 0, Date.parse("2026-02-28T00:00:00Z") - Date.parse("2026-01-31T10:00:00Z"));
  expect(await remaining(accountId)).toBe(300_000_000n - (used - usedBefore));
  const expiry = (await listLedger(engine.of(accountId), 50, { kind: "expiry" }))[0];
  expect([expiry?.effectiveAt.toISOString(), expiry?.creditsMicro]).toEqual([
    "2026-02-28T00:00:00.000Z",
    -(300_000_000n - usedBefore),
  ]);
  expect(await differences()).toEqual([]);
  await engine.round();
  expect(await listLedger(engine.of(accountId), 50, { kind: "expiry" })).toHaveLength(1);
});

test("a debt is paid first by the next cycle's grant, with a line that says so (A7)", async () => {
  const accountId = await engine.at("2026-04-10T00:00:00Z").account({ creditsMicro: 0n, runs: 0n, planId: "team" });
  await engine.deploy(accountId, { replicas: 2 });
  await engine.observe();
  await engine.at("2026-05-09T23:00:00Z").observe();
  await engine.settle();
  const owed = 2n * burnedMicro(RATE, 0, 30 * DAY) - 300_000_000n;
  await engine.at("2026-05-10T00:00:00Z").observe();
  await engine.settleGrants();
  const line = (await listLedger(engine.of(accountId), 10, { kind: "settlement" }))[0];
  expect([owed > 0n, line?.debtPaidMicro, line?.creditsMicro]).toEqual([true, owed, 0n]);
  expect(await remaining(accountId)).toBe(300_000_000n - owed);
  expect(await differences()).toEqual([]);
});

test("a grant that ended while no worker ran ends at its own instant, however late it is written (C7)", async () => {
  const accountId = await engine.at("2026-06-01T00:00:00Z").account({ creditsMicro: 10_000_000n });
  await engine.observe();
  await topUp(engine.of(accountId), {
    credits: "5",
    reason: "a voucher",
    ref: "voucher-0001",
    expiresAt: new Date("2026-06-01T02:30:00Z"),
  });
  await engine.deploy(accountId);
  await engine.observe();
  await engine.at("2026-06-03T00:00:00Z").round();
  const left = 5_000_000n - burnedMicro(RATE, 0, 2.5 * HOUR);
  const expiry = (await listLedger(engine.of(accountId), 50, { kind: "expiry" }))[0];
  expect([expiry?.effectiveAt.toISOString(), expiry?.creditsMicro]).toEqual(["2026-06-01T02:30:00.000Z", -left]);
  expect(await remaining(accountId)).toBe(15_000_000n - left - burnedMicro(RATE, 0, 48 * HOUR));
  expect(await differences()).toEqual([]);
});

test("a price splits what runs at its instant; what was used before is not charged anew (C3)", async () => {
  const accountId = await engine.at("2026-07-01T00:10:00Z").account();
  await engine.deploy(accountId);
  await engine.observe();
  await engine.pass(20 * MINUTE).observe();
  await changePrice(engine.ctx(), {
    profileId: "script-4x8",
    creditsPerHour: "1",
    inForceFrom: new Date("2026-07-01T01:00:00Z"),
  });
  await engine.at("2026-07-01T02:10:00Z").observe();
  await engine.settle();
  const owed = burnedMicro(RATE, 0, 50 * MINUTE) + burnedMicro(1_000_000n, 0, 70 * MINUTE);
  expect(await remaining(accountId)).toBe(75_000_000n - owed);
  await expect(
    changePrice(engine.ctx(), {
      profileId: "script-4x8",
      creditsPerHour: "2",
      inForceFrom: new Date("2026-07-01T01:00:00Z"),
    }),
  ).rejects.toMatchObject({ code: "invalid_input" });
  await engine.pass(1000).observe();
  await changePrice(engine.ctx(), { profileId: "script-4x8", creditsPerHour: "0.30792", inForceFrom: null });
  expect(await differences()).toEqual([]);
});

test("a correction is a new line that refers to the old one, never gives back more than was charged, and returns to the grant (C8)", async () => {
  const accountId = await engine.at("2026-08-01T00:00:00Z").account();
  const deploymentId = await engine.deploy(accountId);
  await engine.observe();
  await engine.at("2026-08-01T02:05:00Z").round();
  const line = (await listLedger(engine.of(accountId), 10, { kind: "usage" }))[0];
  const explained = await explainLine(engine.of(accountId), line?.seq ?? 0);
  expect(explained.takenFrom.map((part) => [part.kind, part.creditsMicro])).toEqual([["free", RATE]]);
  expect(explained.intervals.map((part) => part.creditsMicro)).toEqual([RATE]);
  const before = await remaining(accountId);
  const [charge] = explained.usage;
  const correction = {
    seq: line?.seq ?? 0,
    hour: charge?.hour ?? new Date(),
    deploymentId,
    resourceId: charge?.resourceId ?? 0,
    reason: "it was our outage",
  };
  await expect(
    correctUsage(engine.of(accountId), { ...correction, creditsMicro: RATE + 1n, ref: "correct-0001" }),
  ).rejects.toMatchObject({ code: "invalid_input" });
  await correctUsage(engine.of(accountId), { ...correction, creditsMicro: 100_000n, ref: "correct-0002" });
  await correctUsage(engine.of(accountId), { ...correction, creditsMicro: 100_000n, ref: "correct-0002" });
  expect(await remaining(accountId)).toBe(before + 100_000n);
  expect(
    (await listLedger(engine.of(accountId), 10, { kind: "correction" })).map((found) => found.correctsSeq),
  ).toEqual([line?.seq]);
  expect(await differences()).toEqual([]);
});

test("a pod that never was is given back whole (C8)", async () => {
  const accountId = await engine.at("2026-09-01T00:00:00Z").account();
  const deploymentId = await engine.deploy(accountId);
  await engine.observe();
  const [pod] = engine.platform.alive({ accountId, deploymentId });
  if (!pod) throw new Error("no pod");
  await expect(
    correctPod(engine.of(accountId), { podUid: pod.podUid, reason: "a ghost", ref: "ghost-00001" }),
  ).rejects.toMatchObject({ code: "conflict" });
  engine.pass(90 * MINUTE);
  engine.platform.end(pod);
  await engine.observe();
  await engine.at("2026-09-01T03:00:00Z").round();
  await correctPod(engine.of(accountId), { podUid: pod.podUid, reason: "a ghost", ref: "ghost-00001" });
  expect(await differences()).toEqual([]);
  const restarted = burnedMicro(RATE, 0, engine.clock.now.getTime());
  expect(restarted > 0n).toBe(true);
});

test("a pod that ended in the instant that it began was charged nothing, so there is nothing to give back (C8)", async () => {
  const accountId = await engine.at("2026-09-10T00:00:00Z").account();
  const deploymentId = await engine.deploy(accountId);
  const [pod] = engine.platform.alive({ accountId, deploymentId });
  if (!pod) throw new Error("no pod");
  engine.platform.end(pod);
  await engine.observe();
  await engine.at("2026-09-10T02:00:00Z").round();
  const lines = await engine.ledger(accountId);
  const correction = { podUid: pod.podUid, reason: "a ghost", ref: "ghost-00002" };
  await expect(correctPod(engine.of(accountId), correction)).rejects.toMatchObject({ code: "conflict" });
  expect(await engine.ledger(accountId)).toEqual(lines);
});

test("the balance of a past instant is the one that was shown then (C6)", async () => {
  const accountId = await engine.at("2026-10-01T00:07:00Z").account();
  await engine.deploy(accountId, { replicas: 3 });
  const shown: [Date, bigint][] = [];
  for (let step = 0; step < 12; step++) {
    await engine.pass(17 * MINUTE + 333).round();
    shown.push([engine.clock.now, await remaining(accountId)]);
  }
  await engine.pass(3 * HOUR).round();
  for (const [when, micro] of shown) expect((await balanceAt(engine.of(accountId), when)).remainingMicro).toBe(micro);
});

test("a plan's new limits are in force at once, and a wider one opens an account that it no longer closes (A10, A6)", async () => {
  const plan = { planId: "scale", name: "Scale", cycleCredits: "0", cycleRuns: "0", deployFloor: "0" };
  await changePlan(engine.at("2026-11-01T00:00:00Z").ctx(), { ...plan, negativeLimit: "0.1" });
  const accountId = await engine.account({ creditsMicro: 1_000_000n, planId: "scale" });
  await engine.deploy(accountId, { replicas: 4 });
  await engine.observe();
  await engine.pass(HOUR).round();
  expect((await readBalance(engine.of(accountId))).closedAt).not.toBeNull();
  await changePlan(engine.ctx(), { ...plan, negativeLimit: "300" });
  expect((await readBalance(engine.of(accountId))).closedAt).toBeNull();
  expect(
    await engine.count(sql`select count(*) from audit_log where account_id = ${accountId} and act = 'change_plan'`),
  ).toBe(1);
});
