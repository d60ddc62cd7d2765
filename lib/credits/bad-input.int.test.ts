import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { assignPlan, changePlan } from "@/lib/credits/change-plan";
import { changePrice } from "@/lib/credits/change-price";
import { correctPod, correctUsage } from "@/lib/credits/correct-usage";
import { listLedger } from "@/lib/credits/list-ledger";
import { openAccount } from "@/lib/credits/open-account";
import { topUp } from "@/lib/credits/top-up";
import { firstRow } from "@/lib/db/rows";
import { createDeployment } from "@/lib/deployments/create-deployment";
import { Engine, SUPPORT } from "@/test/engine";

const PAST = new Date("2026-03-01T00:00:00Z");
const HOUR_BEGIN = new Date("2026-03-01T01:00:00Z");
const RATE = 307_920n;

let engine: Engine;
let accountId: number;
let deploymentId: number;
let resourceId: number;
let seq: number;
beforeAll(async () => {
  engine = await Engine.start();
  accountId = await engine.at(HOUR_BEGIN.getTime()).account();
  deploymentId = await engine.deploy(accountId);
  await engine.observe();
  await engine.at("2026-03-01T02:30:00Z").round();
  seq = (await listLedger(engine.of(accountId), 1, { kind: "usage" }))[0]?.seq ?? 0;
  resourceId = await engine.count(
    sql`select resource_id as count from deployment where deployment_id = ${deploymentId}`,
  );
});
afterAll(() => engine.dispose());

/** Every row of every table that money or pods depend on. */
async function everything(): Promise<string> {
  const row = await firstRow(
    engine.db,
    z.object({ all: z.string() }),
    sql`select concat_ws('/', (select md5(string_agg(t::text, ';' order by t::text)) from account t), (select md5(string_agg(t::text, ';' order by t::text)) from ledger t),
      (select md5(string_agg(t::text, ';' order by t::text)) from credit_grant t), (select md5(string_agg(t::text, ';' order by t::text)) from usage t),
      (select md5(string_agg(t::text, ';' order by t::text)) from price t), (select md5(string_agg(t::text, ';' order by t::text)) from plan t),
      (select md5(string_agg(t::text, ';' order by t::text)) from segment t), (select md5(string_agg(t::text, ';' order by t::text)) from deployment t),
      (select count(*) from audit_log), (select count(*) from outbox), (select count(*) from usage_event)) as all`,
  );
  return row?.all ?? "";
}

const add = (over: Partial<Parameters<typeof topUp>[1]>) =>
  topUp(engine.of(accountId), { reason: "a good customer", ref: "bad-input-1", ...over });
const open = (over: Partial<Parameters<typeof openAccount>[1]>) =>
  openAccount(engine.ctx(), { name: "New", timeZone: "UTC", planId: "free", ...over });
const price = (over: Partial<Parameters<typeof changePrice>[1]>) =>
  changePrice(engine.ctx(), { profileId: "script-4x8", creditsPerHour: "1", inForceFrom: null, ...over });
const correct = (over: Partial<Parameters<typeof correctUsage>[1]>) =>
  correctUsage(engine.of(accountId), {
    seq,
    hour: HOUR_BEGIN,
    deploymentId,
    resourceId,
    creditsMicro: 1n,
    reason: "our outage",
    ref: "bad-input-2",
    ...over,
  });
const plan = (over: Partial<Parameters<typeof changePlan>[1]>) =>
  changePlan(engine.ctx(), {
    planId: "team",
    name: "Team",
    negativeLimit: "30",
    deployFloor: "6",
    cycleCredits: "300",
    cycleRuns: "10000",
    ...over,
  });

test.each<[string, () => Promise<unknown>, RegExp]>([
  ["a negative top-up", () => add({ credits: "-5" }), /positive number/],
  ["a top-up of nothing", () => add({}), /at least one credit or one run/],
  ["a top-up of zero", () => add({ credits: "0", runs: "0" }), /at least one credit or one run/],
  ["a top-up of less than a micro-credit", () => add({ credits: "0.0000001" }), /at most six decimals/],
  ["credits beyond the range", () => add({ credits: "1000000000.000001" }), /up to 1,000,000,000/],
  ["credits that go beyond it with what is there", () => add({ credits: "1000000000" }), /more than 1,000,000,000/],
  ["credits that are no number", () => add({ credits: "1e3" }), /positive number/],
  ["negative runs", () => add({ runs: "-1" }), /whole number/],
  ["a part of a run", () => add({ runs: "1.5" }), /whole number/],
  ["runs beyond the range", () => add({ runs: "1000000001" }), /up to 1,000,000,000/],
  ["a grant that ended already", () => add({ credits: "5", expiresAt: PAST }), /lies in the past/],
  ["a grant that ends now", () => add({ credits: "5", expiresAt: new Date("2026-03-01T02:30:00Z") }), /in the past/],
  ["a top-up without a reason", () => add({ credits: "5", reason: "  " }), /Say why/],
  ["an account with negative credits", () => open({ creditsMicro: -1n }), /negative credits/],
  ["an account with credits beyond the range", () => open({ creditsMicro: 10n ** 16n }), /at most 1,000,000,000/],
  ["an account with negative runs", () => open({ runs: -1n }), /negative runs/],
  ["free credits that ended already", () => open({ freeExpiresAt: PAST }), /lies in the past/],
  ["an account on a plan that is not there", () => open({ planId: "gold" }), /no such plan/],
  ["a cycle that begins on day 0", () => open({ anchorDay: 0 }), /from 1 to 31/],
  ["a cycle that begins on day 32", () => open({ anchorDay: 32 }), /from 1 to 31/],
  ["a time zone that is not there", () => open({ timeZone: "Europe/Atlantis" }), /not a time zone/],
  ["a price below zero", () => price({ creditsPerHour: "-0.000001" }), /from 0 to 1,000,000/],
  ["a price beyond the range", () => price({ creditsPerHour: "1000000.000001" }), /from 0 to 1,000,000/],
  ["a price finer than a micro-credit", () => price({ creditsPerHour: "0.0000001" }), /six decimals/],
  ["a price in the past", () => price({ inForceFrom: new Date("2026-03-01T02:29:59.999Z") }), /in the past/],
  ["a price of hardware that is not there", () => price({ profileId: "script-3x3" }), /no such hardware/],
  ["a correction larger than what it corrects", () => correct({ creditsMicro: RATE + 1n }), /more than was charged/],
  ["a correction of nothing", () => correct({ creditsMicro: 0n }), /more than nothing/],
  ["a negative correction", () => correct({ creditsMicro: -1n }), /more than nothing/],
  ["a correction of a line that is not there", () => correct({ seq: 999 }), /does not charge that hour/],
  ["a correction of another hour", () => correct({ hour: PAST }), /does not charge that hour/],
  ["a correction without a reason", () => correct({ reason: "" }), /Say why/],
  [
    "a correction of a pod that is not there",
    () => correctPod(engine.of(accountId), { podUid: "nobody", reason: "a ghost", ref: "bad-input-3" }),
    /no such pod/,
  ],
  ["a negative limit below zero", () => plan({ negativeLimit: "-1" }), /not negative/],
  ["a negative deploy floor", () => plan({ deployFloor: "-1" }), /not negative/],
  ["a cycle that takes credits", () => plan({ cycleCredits: "-1" }), /not negative/],
  ["a plan that is not there", () => plan({ planId: "gold" }), /no such plan/],
  ["an account put on a plan that is not there", () => assignPlan(engine.of(accountId), "gold"), /no such plan/],
  [
    "credits for an account that is not there",
    () => topUp(engine.of(999), { credits: "1", reason: "who?", ref: "bad-input-4" }),
    /no such account/,
  ],
  [
    "a deployment on hardware that is not there",
    () =>
      createDeployment(
        engine.of(accountId),
        { name: "new", programId: "hello-http", profileId: "script-3x3", replicas: 1 },
        { programs: engine.platform.programs(), supportEmail: SUPPORT },
      ),
    /no such hardware/,
  ],
])(
  "%s is refused with a clear message, and nothing is written (C1, C3, C8, A3, A9, A10)",
  async (_what, act, words) => {
    const before = await everything();
    await expect(act()).rejects.toThrow(words);
    expect(await everything()).toBe(before);
  },
);

test("a correction is refused when it gives back the rest and more, piece by piece (C8)", async () => {
  await correct({ creditsMicro: RATE - 1n, ref: "piece-00001" });
  await expect(correct({ creditsMicro: 2n, ref: "piece-00002" })).rejects.toThrow(/more than was charged/);
  await correct({ creditsMicro: 1n, ref: "piece-00003" });
  await expect(correct({ creditsMicro: 1n, ref: "piece-00004" })).rejects.toThrow(/more than was charged/);
});
