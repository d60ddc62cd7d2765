import { sql } from "drizzle-orm";
import { z } from "zod";
import { crossingMs } from "@/lib/billing/forecast";
import type { AccountContext, Context } from "@/lib/context";
import { readBalance } from "@/lib/credits/read-balance";
import { at, id, rows } from "@/lib/db/rows";
import type { Enqueue } from "@/lib/queue/catalogue";

/** Stops further away than this are predicted again later; nearer ones have a job that waits for their instant. */
const PREDICTION_HORIZON_MS = 10 * 60_000;

/** The exact instant at which the account will reach its negative limit as things run now (E2); null: not, or it is closed already. */
async function predictStopMs(ctx: AccountContext): Promise<number | null> {
  const balance = await readBalance(ctx);
  if (balance.closedAt) return null;
  return crossingMs(balance.state, -balance.negativeLimitMicro, ctx.now.getTime());
}

/**
 * Puts a job at the predicted instant (E2). Asked again after a change it puts another; one that comes too early or is stale finds
 * nothing to do, and one that is lost is found by the tick.
 */
export async function scheduleStop(ctx: AccountContext, enqueue: Enqueue): Promise<number | null> {
  const stopAtMs = await predictStopMs(ctx);
  if (stopAtMs === null) return null;
  const delayMs = stopAtMs - ctx.now.getTime();
  if (delayMs <= PREDICTION_HORIZON_MS) {
    await enqueue(
      "limit.check",
      { accountId: ctx.accountId },
      { delayMs, uniqueId: `limit-${ctx.accountId}-${stopAtMs}` },
    );
  }
  return stopAtMs;
}

/** Accounts that may reach their limit within the horizon, by their present rate: soonest first. */
export async function accountsNearLimit(ctx: Context): Promise<number[]> {
  const near = await rows(
    ctx.db,
    z.object({ account_id: id }),
    sql`select l.account_id from (select metered_until(${at(ctx.now)}) as until offset 0) clock
      cross join lateral account_live(clock.until, null, null) l
      join account a on a.account_id = l.account_id
      join (
        select account_id, sum(rate_micro_per_hour)::bigint as rate from segment where not settled and (ended_at is null or ended_at > ${at(ctx.now)}) group by account_id
      ) r on r.account_id = l.account_id
      where a.closed_at is null and l.live_micro + l.negative_limit_micro <= r.rate * ${PREDICTION_HORIZON_MS / 1000}::numeric / 3600
      order by (l.live_micro + l.negative_limit_micro)::numeric / nullif(r.rate, 0) limit 1000`,
  );
  return near.map((row) => row.account_id);
}
