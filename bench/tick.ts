import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Context } from "@/lib/context";
import type { Database } from "@/lib/db/client";
import { at, id, rows } from "@/lib/db/rows";
import { shardsToTick } from "@/lib/enforcement/tick-accounts";
import { HOUR_MS, makeFleet, SETTLED_THROUGH } from "./fleet";
import { type Contestant, race, type Samples } from "./measure";

export const TICK = "tick";
export const BARE_SUM = "sum of rates";
export const TIMED_SUM = "sum of rates × time";
export const SET_UPDATE = "one UPDATE";
export const NAIVE_LOOP = "naive loop";

const NOW = new Date(SETTLED_THROUGH.getTime() + HOUR_MS / 2);
const INTERVAL_SECONDS = 2;

export type TickRace = { segments: number; samples: Samples };

export async function raceTick(db: Database, segments: number, options: { naive: boolean }): Promise<TickRace> {
  await makeFleet(db, segments);
  await makeCounters(db);
  const contestants = [
    tickContestant({ db, now: NOW, actor: "podmeter" }),
    bareSum(db),
    timedSum(db),
    setUpdate(db),
    ...(options.naive ? [await naiveLoop(db)] : []),
  ];
  return { segments, samples: await race(db, contestants, options.naive ? 9 : 15) };
}

/** What the worker does every two seconds: it asks for the shards in which something has happened. Here nothing has. */
export function tickContestant(ctx: Context): Contestant {
  return {
    name: TICK,
    run: async () => {
      const shards = await shardsToTick(ctx);
      if (shards.length > 0)
        throw new Error(`The bench's fleet crossed a threshold in the shards ${shards.join(", ")}.`);
    },
  };
}

/** The floor: the least that anybody who wants to know anything of these rows has to do. The sums stay in the server. */
function bareSum(db: Database): Contestant {
  const statement = sql`select count(*), max(total) from (
    select account_id, sum(rate_micro_per_hour) as total from segment where not settled group by account_id) sums`;
  return { name: BARE_SUM, run: () => db.execute(statement) };
}

function timedSum(db: Database): Contestant {
  const statement = sql`select count(*), max(total) from (
    select account_id, sum(rate_micro_per_hour * (date_part('epoch', ${at(NOW)} - started_at) * 1000)::bigint / 3600000) as total
    from segment where not settled group by account_id) sums`;
  return { name: TIMED_SUM, run: () => db.execute(statement) };
}

/** The same pods as a design would keep them that decrements: an amount per pod, a balance per account. */
async function makeCounters(db: Database): Promise<void> {
  await db.execute(sql`create schema bench`);
  await db.execute(sql`create table bench.pod (pod_id bigint primary key, account_id bigint not null, rate_micro_per_hour bigint not null,
    used_micro bigint not null, used_until timestamptz not null) with (fillfactor = 50)`);
  await db.execute(sql`insert into bench.pod
    select deployment_id, account_id, rate_micro_per_hour, 0, ${at(SETTLED_THROUGH)} from segment where not settled`);
  await db.execute(
    sql`create table bench.purse (account_id bigint primary key, balance_micro bigint not null) with (fillfactor = 50)`,
  );
  await db.execute(sql`insert into bench.purse select account_id, balance_micro from account`);
  await db.execute(sql`vacuum analyze bench.pod, bench.purse`);
}

const clean = (db: Database) => () => db.execute(sql`vacuum bench.pod, bench.purse`);

/** Only the pods' rows are written, not even the balances. */
function setUpdate(db: Database): Contestant {
  return {
    name: SET_UPDATE,
    prepare: clean(db),
    run: () =>
      db.execute(sql`update bench.pod set used_micro = used_micro + rate_micro_per_hour * ${INTERVAL_SECONDS} / 3600,
        used_until = used_until + make_interval(secs => ${INTERVAL_SECONDS})`),
  };
}

/** A transaction for each pod, in one round trip. */
async function naiveLoop(db: Database): Promise<Contestant> {
  const pods = await rows(db, z.object({ pod_id: id }), sql`select pod_id from bench.pod`);
  return {
    name: NAIVE_LOOP,
    prepare: clean(db),
    run: async () => {
      for (const { pod_id } of pods) {
        await db.execute(sql`with pod as (
            update bench.pod set used_micro = used_micro + rate_micro_per_hour * ${INTERVAL_SECONDS} / 3600,
              used_until = used_until + make_interval(secs => ${INTERVAL_SECONDS})
            where pod_id = ${pod_id} returning account_id, rate_micro_per_hour * ${INTERVAL_SECONDS} / 3600 as micro)
          update bench.purse p set balance_micro = balance_micro - pod.micro from pod where p.account_id = pod.account_id`);
      }
    },
  };
}
