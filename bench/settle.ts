import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Context } from "@/lib/context";
import { SHARD_COUNT } from "@/lib/credits/open-account";
import { settleDue } from "@/lib/credits/settle-due";
import type { Database } from "@/lib/db/client";
import { at, firstRow, id } from "@/lib/db/rows";
import { HOUR_MS, makeFleet, SETTLED_THROUGH, setObserved } from "./fleet";
import { type Contestant, measure, race, type Sample, type Samples } from "./measure";
import { tickContestant } from "./tick";

export const SETTLE = "settlement";
export const BARE_INSERT = "plain INSERT";
export const TICK_BEFORE = "tick before a settlement";
export const TICK_AFTER = "tick right after it";

/** With the two to warm up, fewer than the twelve hours in which the fleet's pods end. */
const REPETITIONS = 9;

export type SettleRace = { segments: number; usageRows: number; samples: Samples; ticks: Samples };

/**
 * One hour after the other, each settled once by the engine and once as a plain INSERT of the same rows into a table like
 * `usage`. Both begin after a checkpoint, as an hourly thing does. No VACUUM in between, so that the ticks around the settlement see
 * what it leaves: dead rows and stale statistics.
 */
export async function raceSettlement(db: Database, segments: number): Promise<SettleRace> {
  await makeFleet(db, segments);
  await db.execute(sql`create table usage_floor (like usage including all)`);
  let hour = SETTLED_THROUGH;
  const ctx = (): Context => ({ db, now: new Date(hour.getTime() + HOUR_MS + 120_000), actor: "podmeter" });
  const checkpoint = () => db.execute(sql`checkpoint`);
  const before: Sample[] = [];
  const after: Sample[] = [];

  const settlement: Contestant = {
    name: SETTLE,
    prepare: async () => {
      await checkpoint();
      before.push(await measureTick(ctx()));
    },
    run: async () => {
      for (let shard = 0; shard < SHARD_COUNT; shard += 1) {
        const hours = await settleDue(ctx(), shard);
        if (hours !== 1) throw new Error(`The settlement of shard ${shard} settled ${hours} hours instead of one.`);
      }
    },
    follow: async () => after.push(await measureTick(ctx())),
  };
  const insert: Contestant = {
    name: BARE_INSERT,
    prepare: checkpoint,
    run: () =>
      db.execute(sql`insert into usage_floor (account_id, hour, resource_id, deployment_id, kind, component, ledger_seq, running_ms, quantity, credits_micro)
        select account_id, ${at(hour)}, resource_id, deployment_id, kind, 'hosting', 1, 3600000, 0, rate_micro_per_hour
        from segment where started_at < ${at(hour)} and (ended_at is null or ended_at > ${at(hour)})`),
  };
  const samples = await race(db, [settlement, insert], REPETITIONS, async () => {
    if (before.length > 0) hour = new Date(hour.getTime() + HOUR_MS);
    await setObserved(db, ctx().now);
  });
  const ticks = new Map([
    [TICK_BEFORE, before.slice(-REPETITIONS)],
    [TICK_AFTER, after.slice(-REPETITIONS)],
  ]);
  return { segments, usageRows: await usageRows(db), samples, ticks };
}

/** Planned anew with the statistics of the moment, as in a worker that has just started; with a plan to keep, not with none. */
async function measureTick(ctx: Context): Promise<Sample> {
  const tick = tickContestant(ctx);
  await ctx.db.execute(sql`discard plans`);
  await tick.run();
  return measure(ctx.db, tick);
}

/** How many an hour makes. Refuses to compare where the engine and the floor did not write the same. */
async function usageRows(db: Database): Promise<number> {
  const counted = await firstRow(
    db,
    z.object({ written: id, floor: id, hours: id }),
    sql`select (select count(*) from usage) as written, (select count(*) from usage_floor) as floor, (select count(distinct hour) from usage) as hours`,
  );
  if (!counted || counted.written !== counted.floor)
    throw new Error(`The settlement wrote ${counted?.written} usage rows and its floor ${counted?.floor}.`);
  return Math.round(counted.written / counted.hours);
}
