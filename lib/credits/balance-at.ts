import { sql } from "drizzle-orm";
import { z } from "zod";
import { type BalanceState, liveBalanceMicro } from "@/lib/billing/burn";
import type { AccountContext } from "@/lib/context";
import { at, firstRow, instant, micro } from "@/lib/db/rows";
import { PodmeterError } from "@/lib/errors";

export type PastBalance = {
  at: Date;
  remainingMicro: bigint;
  runsRemaining: bigint;
  settledMicro: bigint;
  lastSeq: number;
};

const pastRow = z.object({
  last_seq: z.coerce.number(),
  settled_micro: micro,
  runs: micro,
  settled_through: instant,
  segments: z.array(z.tuple([micro, z.number(), z.number().nullable()])),
});

/**
 * The balance as it was shown at a past instant, computed again from the ledger (C6): the lines that were written by then, less what the
 * intervals that were on record by then owed since the last settled hour. What came to light later does not change it.
 */
export async function balanceAt(ctx: AccountContext, when: Date): Promise<PastBalance> {
  if (when > ctx.now)
    throw new PodmeterError("invalid_input", "This lies in the future. Choose an instant that has passed.");
  const row = await firstRow(
    ctx.db,
    pastRow,
    sql`with line as (
        select * from ledger where account_id = ${ctx.accountId} and at <= ${at(when)}
      ), settled as (
        select coalesce((select max(period_to) from line where kind = 'usage'), hour_of(a.created_at)) as through
        from account a where a.account_id = ${ctx.accountId}
      )
      select coalesce((select max(seq) from line), 0) as last_seq, coalesce((select sum(credits_micro) from line), 0)::bigint as settled_micro,
        coalesce((select sum(runs) from line), 0)::bigint as runs, s.through as settled_through,
        coalesce((
          select json_agg(json_build_array(g.rate_micro_per_hour::text, (extract(epoch from g.started_at) * 1000)::bigint, (extract(epoch from g.ended_at) * 1000)::bigint))
          from segment g where g.account_id = ${ctx.accountId} and g.recorded_at <= ${at(when)} and g.started_at < ${at(when)}
            and (g.ended_at is null or g.ended_at > s.through)
        ), '[]') as segments
      from settled s`,
  );
  if (!row) throw new PodmeterError("not_found", "There is no such account.");
  const state: BalanceState = {
    settledMicro: row.settled_micro,
    settledThroughMs: row.settled_through.getTime(),
    segments: row.segments.map(([rateMicroPerHour, startedAtMs, endedAtMs]) => ({
      rateMicroPerHour,
      startedAtMs,
      endedAtMs,
    })),
  };
  return {
    at: when,
    remainingMicro: liveBalanceMicro(state, when.getTime()),
    runsRemaining: row.runs,
    settledMicro: row.settled_micro,
    lastSeq: row.last_seq,
  };
}
