import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Context } from "@/lib/context";
import { at, firstRow, id, rows } from "@/lib/db/rows";

/** Makes one delivery per recipient out of each waiting message (N6, N7). */
export async function dispatchOutbox(ctx: Context): Promise<number> {
  const row = await firstRow(
    ctx.db,
    z.object({ count: z.number() }),
    sql`select dispatch_outbox(${at(ctx.now)}) as count`,
  );
  return row?.count ?? 0;
}

/** Deliveries that may be tried now. */
export async function dueDeliveries(
  ctx: Context,
): Promise<{ accountId: number; deliveryId: number; attempts: number }[]> {
  const due = await rows(
    ctx.db,
    z.object({ account_id: id, delivery_id: id, attempts: z.number() }),
    sql`select account_id, delivery_id, attempts from delivery
      where state = 'waiting' and next_attempt_at <= ${at(ctx.now)} and (claimed_until is null or claimed_until <= ${at(ctx.now)})
      order by next_attempt_at limit 500`,
  );
  return due.map((row) => ({ accountId: row.account_id, deliveryId: row.delivery_id, attempts: row.attempts }));
}
