import { sql } from "drizzle-orm";
import { z } from "zod";
import { STOP_REASONS, STOP_STATES } from "@/lib/billing/enforcement";
import type { Context } from "@/lib/context";
import { id, instant, micro, rows } from "@/lib/db/rows";

const stopRow = z.object({
  account_id: id,
  public_id: z.string(),
  account_name: z.string(),
  stop_order_id: id,
  deployment_name: z.string(),
  reason: z.enum(STOP_REASONS),
  actor: z.string(),
  state: z.enum(STOP_STATES),
  crossed_at: instant.nullable(),
  requested_at: instant,
  stopped_at: instant.nullable(),
  attempts: z.number(),
  last_error: z.string().nullable(),
  overshoot_micro: micro.nullable(),
});

export type StopView = {
  accountId: number;
  accountPublicId: string;
  accountName: string;
  stopOrderId: number;
  deploymentName: string;
  reason: (typeof STOP_REASONS)[number];
  actor: string;
  state: (typeof STOP_STATES)[number];
  crossedAt: Date | null;
  requestedAt: Date;
  stoppedAt: Date | null;
  attempts: number;
  lastError: string | null;
  /** From the true crossing of the limit to the end of the last pod, and the credits burnt in it (E2); null for other stops. */
  overshootMs: number | null;
  overshootMicro: bigint | null;
};

/** Stop orders of all accounts, newest first, for operators (O3, E2). */
export async function listStops(ctx: Context, limit: number): Promise<StopView[]> {
  const found = await rows(
    ctx.db,
    stopRow,
    sql`select o.account_id, a.public_id, a.name as account_name, o.stop_order_id, d.name as deployment_name, o.reason, o.actor, o.state, o.crossed_at,
        o.requested_at, o.stopped_at, o.attempts, o.last_error,
        (select sum(owed(s.rate_micro_per_hour, s.started_at, s.ended_at, o.crossed_at, o.stopped_at)) from segment s
          where s.account_id = o.account_id and s.deployment_id = o.deployment_id and o.crossed_at is not null and o.stopped_at is not null
            and s.started_at < o.stopped_at and s.ended_at > o.crossed_at)::bigint as overshoot_micro
      from stop_order o
      join account a on a.account_id = o.account_id
      join deployment d on d.account_id = o.account_id and d.deployment_id = o.deployment_id
      order by o.requested_at desc, o.stop_order_id desc limit ${limit}`,
  );
  return found.map((row) => ({
    accountId: row.account_id,
    accountPublicId: row.public_id,
    accountName: row.account_name,
    stopOrderId: row.stop_order_id,
    deploymentName: row.deployment_name,
    reason: row.reason,
    actor: row.actor,
    state: row.state,
    crossedAt: row.crossed_at,
    requestedAt: row.requested_at,
    stoppedAt: row.stopped_at,
    attempts: row.attempts,
    lastError: row.last_error,
    overshootMs: row.crossed_at && row.stopped_at ? row.stopped_at.getTime() - row.crossed_at.getTime() : null,
    overshootMicro: row.overshoot_micro,
  }));
}
