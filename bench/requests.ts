import { sql } from "drizzle-orm";
import { decideDeploy } from "@/lib/billing/gate";
import type { AccountContext } from "@/lib/context";
import { SHARD_COUNT } from "@/lib/credits/open-account";
import { gateStateOf, readBalance } from "@/lib/credits/read-balance";
import type { Database } from "@/lib/db/client";
import { at } from "@/lib/db/rows";
import { createDeployment } from "@/lib/deployments/create-deployment";
import type { Program } from "@/lib/platform/platform";
import { HOUR_MS, makeFleet, SETTLED_THROUGH } from "./fleet";
import { race, type Samples } from "./measure";

export const PRIMARY_KEY = "SELECT by primary key";
export const BALANCE = "readBalance, 300 segments";
export const SMALL_BALANCE = "readBalance, 10 segments";
export const GATE = "deploy gate, 10 segments";
export const DEPLOY = "createDeployment, committed";

const LARGE_ACCOUNT_ID = 1_000_000;
const SMALL_ACCOUNT_ID = 1;
const PROGRAM: Program = {
  id: "bench",
  kind: "script",
  title: "Bench",
  summary: "Does nothing.",
  language: "Node.js 20",
};

/** What one request waits for, through the application's own functions and driver, in a database of 10,000 live segments. */
export async function raceRequests(db: Database): Promise<Samples> {
  await makeFleet(db, 10_000);
  await makeLargeAccount(db);
  const now = new Date(SETTLED_THROUGH.getTime() + HOUR_MS / 2);
  const small: AccountContext = { db, now, actor: "bench@example.test", accountId: SMALL_ACCOUNT_ID };
  const large: AccountContext = { ...small, accountId: LARGE_ACCOUNT_ID };
  let deployments = 0;
  return race(
    db,
    [
      { name: PRIMARY_KEY, run: () => db.execute(sql`select * from account where account_id = ${SMALL_ACCOUNT_ID}`) },
      { name: SMALL_BALANCE, run: () => readBalance(small) },
      { name: BALANCE, run: () => readBalance(large) },
      { name: GATE, run: async () => decideDeploy("script", gateStateOf(await readBalance(small))) },
      {
        name: DEPLOY,
        run: () => {
          deployments += 1;
          const input = { name: `bench ${deployments}`, programId: PROGRAM.id, profileId: "script-4x8", replicas: 1 };
          return createDeployment(small, input, { programs: [PROGRAM], supportEmail: "help@example.test" });
        },
      },
    ],
    300,
  );
}

async function makeLargeAccount(db: Database): Promise<void> {
  await db.execute(sql`insert into account (account_id, public_id, name, time_zone, plan_id, shard, balance_micro, granted_micro,
      settled_through, created_at, anchor_day, cycle_started_at, next_cycle_at, grants_due_at)
    select ${LARGE_ACCOUNT_ID}, 'acc_large', 'Large', time_zone, plan_id, ${LARGE_ACCOUNT_ID % SHARD_COUNT}, balance_micro, granted_micro,
      settled_through, created_at, anchor_day, cycle_started_at, next_cycle_at, grants_due_at
    from account where account_id = ${SMALL_ACCOUNT_ID}`);
  await db.execute(sql`insert into segment (account_id, deployment_id, pod_uid, started_at, pod_started_at, shard, kind, resource_id, profile_id,
      rate_micro_per_hour, recorded_at)
    select ${LARGE_ACCOUNT_ID}, 1000000 + g, 'large-' || g, t, t, ${LARGE_ACCOUNT_ID % SHARD_COUNT}, 'script', 1000000 + g, 'script-4x8', 307920, t
    from generate_series(1, 300) g cross join (select ${at(SETTLED_THROUGH)} - interval '1 day' as t) made`);
  await db.execute(sql`vacuum analyze account, segment`);
}
