import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Context } from "@/lib/context";
import { id, instant, rows } from "@/lib/db/rows";

const deliveryRow = z.object({
  account_id: id,
  account_name: z.string(),
  delivery_id: id,
  recipient: z.string(),
  kind: z.string(),
  state: z.enum(["waiting", "failed"]),
  attempts: z.number(),
  last_error: z.string().nullable(),
  next_attempt_at: instant,
});

export type TroubledDelivery = {
  accountId: number;
  accountName: string;
  deliveryId: number;
  recipient: string;
  kind: string;
  /** "waiting": it is tried again at `nextAttemptAt`; "failed": given up. */
  state: "waiting" | "failed";
  attempts: number;
  lastError: string | null;
  nextAttemptAt: Date;
};

/** Mails that did not get through at the first attempt, for operators (N6). */
export async function listFailedDeliveries(ctx: Context, limit: number): Promise<TroubledDelivery[]> {
  const found = await rows(
    ctx.db,
    deliveryRow,
    sql`select d.account_id, a.name as account_name, d.delivery_id, d.recipient, o.kind, d.state, d.attempts, d.last_error, d.next_attempt_at
      from delivery d
      join account a on a.account_id = d.account_id
      join outbox o on o.account_id = d.account_id and o.outbox_id = d.outbox_id
      where d.state <> 'sent' and d.last_error is not null
      order by d.delivery_id desc limit ${limit}`,
  );
  return found.map((row) => ({
    accountId: row.account_id,
    accountName: row.account_name,
    deliveryId: row.delivery_id,
    recipient: row.recipient,
    kind: row.kind,
    state: row.state,
    attempts: row.attempts,
    lastError: row.last_error,
    nextAttemptAt: row.next_attempt_at,
  }));
}
