import { sql } from "drizzle-orm";
import type { Context } from "@/lib/context";
import { openAccount } from "@/lib/credits/open-account";
import { openDatabase } from "@/lib/db/client";
import { run } from "@/lib/db/rows";
import { LOCAL_PROGRAMS } from "@/lib/platform/local/programs";
import { createWorkflow } from "@/lib/workflows/run-workflow";
import { pastOf } from "./past";
import { addPerson } from "./people";
import { passTime, replay } from "./replay";

const PASSWORD = "correct horse battery";
const PAST_DAYS = 9;

/** Three replicas of the largest script profile burn 256.6 micro-credits a second: half is gone after 6 s, all after 12 s, the limit comes 6 s later. */
const FUSE = { creditsMicro: 3_000n, negativeLimitMicro: 1_500n, deployFloorMicro: 100n };

/** The accounts that the browser journeys use. Each journey that changes anything has one of its own. */
export async function seedJourneys(databaseUrl: string, now: Date): Promise<void> {
  const { db, close } = openDatabase(databaseUrl, { max: 4 });
  try {
    const ctx: Context = { db, now, actor: "podmeter" };
    await run(
      db,
      sql`insert into plan (plan_id, name, negative_limit_micro, deploy_floor_micro)
        values ('fuse', 'Fuse', ${FUSE.negativeLimitMicro}, ${FUSE.deployFloorMicro})`,
    );
    const fuse = await openAccount(ctx, {
      name: "Spark",
      timeZone: "UTC",
      planId: "fuse",
      creditsMicro: FUSE.creditsMicro,
      runs: 2n,
    });
    await addPerson(
      db,
      { email: "spark@e2e.example", name: "Sam Spark", password: PASSWORD },
      { accountId: fuse.accountId, role: "owner" },
    );

    const past = { ...ctx, now: new Date(now.getTime() - (PAST_DAYS * 24 + 1) * 3_600_000) };
    const calm = await openAccount(past, { name: "Calm", timeZone: "Europe/Berlin", planId: "team" });
    const owner = { ...past, accountId: calm.accountId, actor: "calm@e2e.example" };
    const { resourceId } = await createWorkflow(owner, { name: "Digest" });
    const events = pastOf({ days: PAST_DAYS, now, workflows: [resourceId], seed: 3 });
    await replay(db, calm.accountId, events, LOCAL_PROGRAMS, {
      owner: "calm@e2e.example",
      operator: "ops@e2e.example",
    });
    await passTime({ ...owner, now });
    await addPerson(
      db,
      { email: "calm@e2e.example", name: "Carla Calm", password: PASSWORD },
      { accountId: calm.accountId, role: "owner" },
    );
    await addPerson(
      db,
      { email: "viewer@e2e.example", name: "Vic Viewer", password: PASSWORD },
      { accountId: calm.accountId, role: "viewer" },
    );

    const empty = await openAccount(ctx, { name: "Empty", timeZone: "Asia/Kolkata", planId: "free" });
    await addPerson(
      db,
      { email: "empty@e2e.example", name: "Emil Empty", password: PASSWORD },
      { accountId: empty.accountId, role: "owner" },
    );
    await addPerson(db, { email: "ops@e2e.example", name: "Olu Operator", password: PASSWORD, isOperator: true });
  } finally {
    await close();
  }
}
