import { sql } from "drizzle-orm";
import { z } from "zod";
import { parseCredits } from "@/lib/billing/amount";
import type { Context } from "@/lib/context";
import { openAccount } from "@/lib/credits/open-account";
import { type Database, openDatabase } from "@/lib/db/client";
import { firstRow, id, run } from "@/lib/db/rows";
import { createDeployment } from "@/lib/deployments/create-deployment";
import { LOCAL_PROGRAMS } from "@/lib/platform/local/programs";
import { createWorkflow } from "@/lib/workflows/run-workflow";
import { pastOf } from "./past";
import { addPerson, type Login } from "./people";
import { passTime, replay } from "./replay";

const PASSWORD = "podmeter-demo";
const DAYS = 90;

const LOGINS: Login[] = [
  { email: "fuse@demo.example", password: PASSWORD, role: "owner", account: "Short Fuse" },
  { email: "owner@demo.example", password: PASSWORD, role: "owner", account: "Northwind Labs" },
  { email: "viewer@demo.example", password: PASSWORD, role: "viewer (may not see billing)", account: "Northwind Labs" },
  { email: "ops@demo.example", password: PASSWORD, role: "operator", account: "all accounts" },
];

/** Credits that last about a minute and a half on four replicas of the largest script profile, and a limit half a minute below zero. */
const FUSE = { credits: "0.03", negativeLimit: "0.012", deployFloor: "0.001" };

/**
 * The demo's accounts, once: a second start finds them as they are. "Northwind Labs" has a past of ninety days, replayed through the
 * engine; "Short Fuse" is a deployment away from its limit.
 */
export async function seedDemo(databaseUrl: string, now: Date): Promise<{ logins: Login[] }> {
  const database = openDatabase(databaseUrl, { max: 4 });
  try {
    const seeded = await firstRow(database.db, z.object({ count: id }), sql`select count(*) from account`);
    if (seeded?.count === 0) await seed(database.db, now);
    return { logins: LOGINS };
  } finally {
    await database.close();
  }
}

async function seed(db: Database, now: Date): Promise<void> {
  const start: Context = { db, now: new Date(now.getTime() - DAYS * 86_400_000 - 3_600_000), actor: "podmeter" };
  const northwind = await openAccount(start, { name: "Northwind Labs", timeZone: "Europe/Berlin", planId: "team" });
  const owner = { ...start, accountId: northwind.accountId, actor: "owner@demo.example" };
  const workflows = [];
  for (const name of ["Lead enrichment", "Contract review", "Weekly digest"])
    workflows.push((await createWorkflow(owner, { name })).resourceId);
  const events = pastOf({ days: DAYS, now, workflows, seed: 7 });
  const orders = [40].map((daysAgo, order) => ({
    at: new Date(now.getTime() - daysAgo * 86_400_000),
    act: "top_up" as const,
    credits: "50",
    runs: "0",
    reason: `Order ${1001 + order}, paid by card`,
  }));
  await replay(db, northwind.accountId, [...events, ...orders], LOCAL_PROGRAMS, {
    owner: "owner@demo.example",
    operator: "ops@demo.example",
  });
  await passTime({ ...owner, now });

  await run(
    db,
    sql`insert into plan (plan_id, name, negative_limit_micro, deploy_floor_micro)
      values ('short-fuse', 'Short Fuse (demo)', ${micro(FUSE.negativeLimit)}, ${micro(FUSE.deployFloor)}) on conflict do nothing`,
  );
  const fuse = await openAccount(
    { ...start, now },
    {
      name: "Short Fuse",
      timeZone: "Europe/Berlin",
      planId: "short-fuse",
      creditsMicro: micro(FUSE.credits),
      runs: 3n,
    },
  );
  await createWorkflow(
    { ...start, now, accountId: fuse.accountId, actor: "fuse@demo.example" },
    { name: "Three runs left" },
  );

  await addPerson(
    db,
    { email: "fuse@demo.example", name: "Frida Fuse", password: PASSWORD },
    { accountId: fuse.accountId, role: "owner" },
  );
  await addPerson(
    db,
    { email: "owner@demo.example", name: "Noor Northwind", password: PASSWORD },
    { accountId: northwind.accountId, role: "owner" },
  );
  await addPerson(
    db,
    { email: "viewer@demo.example", name: "Vic Viewer", password: PASSWORD },
    { accountId: northwind.accountId, role: "viewer" },
  );
  await addPerson(db, { email: "ops@demo.example", name: "Olu Operator", password: PASSWORD, isOperator: true });

  // Two real processes from the start, so that the first page has something that runs.
  const options = { programs: LOCAL_PROGRAMS, supportEmail: "" };
  await createDeployment(
    { ...owner, now },
    { name: "invoice-import", programId: "json-to-csv", profileId: "script-2x4", replicas: 1 },
    options,
  );
  await createDeployment(
    { ...owner, now },
    { name: "pii-shield", programId: "pii-scanner", profileId: "guardrail-2x8", replicas: 1 },
    options,
  );
}

function micro(credits: string): bigint {
  const creditsMicro = parseCredits(credits);
  if (creditsMicro === null) throw new RangeError(`not an amount of credits: ${credits}`);
  return creditsMicro;
}
