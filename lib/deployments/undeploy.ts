import { sql } from "drizzle-orm";
import { z } from "zod";
import type { StopReason } from "@/lib/billing/enforcement";
import type { AccountContext } from "@/lib/context";
import { at, firstRow } from "@/lib/db/rows";
import { PodmeterError } from "@/lib/errors";

/** Orders a deployment to stop (E3). Asked twice it is the same order. It is billed until its pods are gone. */
export async function undeploy(
  ctx: AccountContext,
  input: { deploymentId: number; reason: Exclude<StopReason, "limit"> },
): Promise<void> {
  const row = await firstRow(
    ctx.db,
    z.object({ ordered: z.boolean() }),
    sql`select request_stop(${ctx.accountId}, ${input.deploymentId}, ${input.reason}, ${ctx.actor}, ${at(ctx.now)}) as ordered`,
  );
  if (!row?.ordered)
    throw new PodmeterError("not_found", "This deployment does not exist, or it does not run any more.");
}
