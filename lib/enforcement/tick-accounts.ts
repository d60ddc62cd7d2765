import { sql } from "drizzle-orm";
import { z } from "zod";
import { crossingMs } from "@/lib/billing/forecast";
import { LEVEL_LIMIT } from "@/lib/billing/thresholds";
import type { AccountContext, Context } from "@/lib/context";
import { readBalance } from "@/lib/credits/read-balance";
import { at, id, rows, run } from "@/lib/db/rows";

const risenRow = z.object({ account_id: id, credits_level: z.number(), runs_level: z.number() });

/** Accounts whose level rose in this tick, and those of them that reached the negative limit. */
export type TickResult = { risenAccountIds: number[]; stoppedAccountIds: number[] };

/** The shards in which a threshold is crossed, by one read of all live balances: the others need no tick. */
export async function shardsToTick(ctx: Context): Promise<number[]> {
  return (
    await rows(ctx.db, z.object({ shard: z.number() }), sql`select shard from shards_to_tick(${at(ctx.now)})`)
  ).map((row) => row.shard);
}

/** Looks at all live balances of a shard and acts where a threshold is crossed (E1, N5, A6). Writes nothing otherwise. */
export async function tickShard(ctx: Context, shard: number): Promise<TickResult> {
  return announce(ctx, await rows(ctx.db, risenRow, sql`select * from tick(${shard}::smallint, null, ${at(ctx.now)})`));
}

/** The same for one account, at its predicted instant (E2). */
export async function tickAccount(ctx: AccountContext): Promise<TickResult> {
  return announce(
    ctx,
    await rows(
      ctx.db,
      risenRow,
      sql`select t.* from account a, tick(a.shard, a.account_id, ${at(ctx.now)}) t where a.account_id = ${ctx.accountId}`,
    ),
  );
}

async function announce(ctx: Context, risen: z.output<typeof risenRow>[]): Promise<TickResult> {
  const stoppedAccountIds = risen.filter((row) => row.credits_level === LEVEL_LIMIT).map((row) => row.account_id);
  for (const accountId of stoppedAccountIds) await recordCrossing({ ...ctx, accountId });
  return { risenAccountIds: risen.map((row) => row.account_id), stoppedAccountIds };
}

/**
 * Notes on the stop orders when the balance truly crossed the limit, from which the overshoot is measured (E2). The tick has noted the
 * instant of its look, so that there is one even if this is never reached.
 */
async function recordCrossing(ctx: AccountContext): Promise<void> {
  const balance = await readBalance(ctx);
  const crossedAtMs = crossingMs(balance.state, -balance.negativeLimitMicro, balance.state.settledThroughMs);
  if (crossedAtMs === null) return;
  const crossedAt = at(new Date(crossedAtMs));
  await run(
    ctx.db,
    sql`update stop_order set crossed_at = ${crossedAt}
      where account_id = ${ctx.accountId} and reason = 'limit' and crossed_at > ${crossedAt} and state in ('requested', 'stopping', 'failed')`,
  );
}
