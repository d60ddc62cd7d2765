import { sql } from "drizzle-orm";
import { z } from "zod";
import { nextStopAction, STOP_REASONS, STOP_STATES } from "@/lib/billing/enforcement";
import type { AccountContext } from "@/lib/context";
import { at, firstRow, id, instant, run } from "@/lib/db/rows";
import type { Platform } from "@/lib/platform/platform";

const orderRow = z.object({
  deployment_id: id,
  state: z.enum(STOP_STATES),
  reason: z.enum(STOP_REASONS),
  attempts: z.number(),
  next_attempt_at: instant,
  closed: z.boolean(),
});

export type StopAttempt = { asked: false } | { asked: true; deploymentId: number; nextAttemptAtMs: number };

/**
 * One attempt of a stop order (E3). The attempt is taken in the database before the platform is asked, so that a top-up takes back
 * only what nobody has begun (E6), and two workers never attempt the same. The platform closes its own gate first (E4).
 * The order ends elsewhere: when an observation proves that the pods are gone.
 */
export async function carryOutStop(
  ctx: AccountContext,
  platform: Platform,
  input: { stopOrderId: number },
): Promise<StopAttempt> {
  const order = await firstRow(
    ctx.db,
    orderRow,
    sql`select o.deployment_id, o.state, o.reason, o.attempts, o.next_attempt_at, a.closed_at is not null as closed
      from stop_order o join account a on a.account_id = o.account_id
      where o.account_id = ${ctx.accountId} and o.stop_order_id = ${input.stopOrderId}`,
  );
  if (!order) return { asked: false };
  const step = nextStopAction(
    { state: order.state, attempts: order.attempts, nextAttemptAtMs: order.next_attempt_at.getTime() },
    "unknown",
    ctx.now.getTime(),
  );
  if (step.action !== "ask") return { asked: false };
  const taken = await firstRow(
    ctx.db,
    z.object({ attempt: z.number().nullable() }),
    sql`select begin_stop_attempt(${ctx.accountId}, ${input.stopOrderId}, ${at(new Date(step.nextAttemptAtMs))}, ${at(ctx.now)}) as attempt`,
  );
  if (!taken?.attempt) return { asked: false };

  const ref = { accountId: ctx.accountId, deploymentId: order.deployment_id };
  let outcome = "asked";
  try {
    await platform.setGate(ctx.accountId, order.closed);
    await platform.stop(ref, { operationId: `stop-${ctx.accountId}-${input.stopOrderId}` });
  } catch (error) {
    outcome = `not asked: ${error instanceof Error ? error.message : String(error)}`;
  }
  await run(
    ctx.db,
    sql`with attempt as (
        insert into stop_attempt (account_id, stop_order_id, attempt, at, outcome)
        values (${ctx.accountId}, ${input.stopOrderId}, ${taken.attempt}, ${at(ctx.now)}, ${outcome})
      )
      update stop_order set state = ${outcome === "asked" ? "stopping" : "failed"}, last_error = ${outcome === "asked" ? null : outcome}
      where account_id = ${ctx.accountId} and stop_order_id = ${input.stopOrderId} and state in ('stopping', 'failed')
        and attempts = ${taken.attempt}`,
  );
  return { asked: true, deploymentId: order.deployment_id, nextAttemptAtMs: step.nextAttemptAtMs };
}
