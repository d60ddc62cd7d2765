import { sql } from "drizzle-orm";
import { DEFAULT_PLANS } from "@/lib/billing/plans";
import { DEFAULT_PRICE_BOOK } from "@/lib/billing/price-book";
import type { Database } from "@/lib/db/client";
import { json, run } from "@/lib/db/rows";

/** Writes the default price book and plans where they are missing. Never touches what an operator changed: prices are in force from the beginning of time. */
export async function installDefaults(db: Database): Promise<void> {
  const profiles = DEFAULT_PRICE_BOOK.map((profile) => ({
    ...profile,
    creditsPerHourMicro: profile.creditsPerHourMicro.toString(),
  }));
  const plans = DEFAULT_PLANS.map((plan) => ({
    ...plan,
    negativeLimitMicro: plan.negativeLimitMicro.toString(),
    deployFloorMicro: plan.deployFloorMicro.toString(),
    cycleCreditsMicro: plan.cycleCreditsMicro.toString(),
    cycleRuns: plan.cycleRuns.toString(),
  }));
  await run(
    db,
    sql`with given as (
        select * from jsonb_to_recordset(${json(profiles)}) as p("profileId" text, kind text, vcpus int, "memoryGb" int, "gpuType" text, "gpuCount" int, "creditsPerHourMicro" bigint)
      ), profile as (
        insert into hardware_profile (profile_id, kind, vcpus, memory_gb, gpu_type, gpu_count)
        select "profileId", kind, vcpus, "memoryGb", "gpuType", "gpuCount" from given on conflict do nothing
      ), price as (
        insert into price (profile_id, in_force_from, credits_per_hour_micro, actor)
        select "profileId", timestamptz '1970-01-01 00:00:00+00', "creditsPerHourMicro", 'podmeter' from given on conflict do nothing
      )
      insert into plan (plan_id, name, negative_limit_micro, deploy_floor_micro, cycle_credits_micro, cycle_runs)
      select "planId", name, "negativeLimitMicro", "deployFloorMicro", "cycleCreditsMicro", "cycleRuns"
      from jsonb_to_recordset(${json(plans)}) as p("planId" text, name text, "negativeLimitMicro" bigint, "deployFloorMicro" bigint,
        "cycleCreditsMicro" bigint, "cycleRuns" bigint)
      on conflict do nothing`,
  );
}
