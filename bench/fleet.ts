import { sql } from "drizzle-orm";
import { SHARD_COUNT } from "@/lib/credits/open-account";
import type { Database } from "@/lib/db/client";
import { at } from "@/lib/db/rows";

export const HOUR_MS = 3_600_000;
/** All accounts of a fleet are settled up to here. */
export const SETTLED_THROUGH = new Date("2026-03-01T10:00:00.000Z");

/**
 * As many live segments, each a deployment with one pod, of a tenth as many accounts. One in fifty ends within the twelve
 * hours to come. The balances are so high that no threshold is crossed.
 */
export async function makeFleet(db: Database, segments: number): Promise<void> {
  const accounts = segments / 10;
  await db.execute(sql`insert into account (account_id, public_id, name, time_zone, plan_id, shard, balance_micro, granted_micro,
      runs_remaining, runs_granted, settled_through, created_at, anchor_day, cycle_started_at, next_cycle_at, grants_due_at)
    select g, 'acc_bench' || g, 'Account ' || g, 'UTC', (array['free', 'team', 'scale'])[1 + g % 3], g % ${SHARD_COUNT}::int,
      900000000000, 900000000000, 10000, 10000, ${at(SETTLED_THROUGH)}, timestamptz '2026-01-01 00:00:00+00', 1,
      timestamptz '2026-03-01 00:00:00+00', timestamptz '2026-04-01 00:00:00+00', timestamptz '2026-04-01 00:00:00+00'
    from generate_series(1, ${accounts}::int) g`);
  await db.execute(sql`insert into segment (account_id, deployment_id, pod_uid, started_at, pod_started_at, ended_at, shard, kind, resource_id,
      profile_id, rate_micro_per_hour, recorded_at)
    select a, g, 'pod-' || g, t, t, case when g % 50 = 0 then ${at(SETTLED_THROUGH)} + make_interval(hours => g / 50 % 12, mins => 20) end,
      a % ${SHARD_COUNT}::int, 'script', g, 'script-4x8', (array[76980, 153960, 144000, 307920, 288000, 1428000, 48000000])[1 + g % 7], t
    from generate_series(1, ${segments}::int) g
    cross join lateral (select 1 + g % ${accounts}::int as a,
      ${at(SETTLED_THROUGH)} - make_interval(secs => (g::bigint * 7919 % 864000) + (g % 1000) / 1000.0) as t) made`);
  await setObserved(db, new Date(SETTLED_THROUGH.getTime() + HOUR_MS / 2));
  await db.execute(sql`vacuum analyze`);
}

/** The platform answered at this instant. */
export async function setObserved(db: Database, observedAt: Date): Promise<void> {
  await db.execute(sql`insert into platform_state (platform, observed_at) values ('local', ${at(observedAt)})
    on conflict (platform) do update set observed_at = excluded.observed_at`);
}
