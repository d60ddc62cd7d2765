import { sql } from "drizzle-orm";
import { z } from "zod";
import type { AccountContext, Context } from "@/lib/context";
import { at, id, rows } from "@/lib/db/rows";

const orderKey = z.object({ account_id: id, stop_order_id: id, attempts: z.number() });
export type DueStop = { accountId: number; stopOrderId: number; attempts: number };

const asDueStop = (row: z.output<typeof orderKey>): DueStop => ({
  accountId: row.account_id,
  stopOrderId: row.stop_order_id,
  attempts: row.attempts,
});

/** Stop orders whose next attempt is due (E3, E8), important deployments last (E7). */
export async function dueStops(ctx: Context): Promise<DueStop[]> {
  const due = await rows(
    ctx.db,
    orderKey,
    sql`select o.account_id, o.stop_order_id, o.attempts from stop_order o
      join deployment d on d.account_id = o.account_id and d.deployment_id = o.deployment_id
      where o.state in ('requested', 'stopping', 'failed') and o.next_attempt_at <= ${at(ctx.now)}
      order by d.important, o.next_attempt_at limit 1000`,
  );
  return due.map(asDueStop);
}

/** The same, of one account. */
export async function dueStopsOf(ctx: AccountContext): Promise<DueStop[]> {
  return (await dueStops(ctx)).filter((stop) => stop.accountId === ctx.accountId);
}

/** Deployments that are wanted and that nobody has told the platform yet. */
export async function unappliedDeployments(ctx: Context): Promise<{ accountId: number; deploymentId: number }[]> {
  const found = await rows(
    ctx.db,
    z.object({ account_id: id, deployment_id: id }),
    sql`select account_id, deployment_id from deployment where wanted = 'running' and applied_at is null limit 1000`,
  );
  return found.map((row) => ({ accountId: row.account_id, deploymentId: row.deployment_id }));
}
