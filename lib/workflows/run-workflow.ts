import { sql } from "drizzle-orm";
import { z } from "zod";
import type { AccountContext } from "@/lib/context";
import { assertAllowed } from "@/lib/credits/refusals";
import { at, firstRow, id, json } from "@/lib/db/rows";
import { PodmeterError } from "@/lib/errors";

/** Makes a workflow. Making one costs nothing; running it costs a run. */
export async function createWorkflow(ctx: AccountContext, input: { name: string }): Promise<{ resourceId: number }> {
  const name = z.string().trim().min(1).max(60).parse(input.name);
  const row = await firstRow(
    ctx.db,
    z.object({ resource_id: id }),
    sql`insert into resource (account_id, kind, name, owner_name, created_at) values (${ctx.accountId}, 'workflow', ${name}, ${ctx.actor}, ${at(ctx.now)})
      on conflict do nothing returning resource_id`,
  );
  if (!row) throw new PodmeterError("conflict", "There is a workflow of this name already. Choose another name.");
  return { resourceId: row.resource_id };
}

/**
 * Takes one run for a workflow, or refuses: checking and taking are one step, so the last run is given once (A2). The same
 * key counts once.
 */
export async function runWorkflow(
  ctx: AccountContext,
  input: { resourceId: number; key: string },
  options: { supportEmail: string },
): Promise<{ counted: boolean }> {
  const workflow = await firstRow(
    ctx.db,
    z.object({ resource_id: id }),
    sql`select resource_id from resource where account_id = ${ctx.accountId} and resource_id = ${input.resourceId} and kind = 'workflow' and deleted_at is null`,
  );
  if (!workflow) throw new PodmeterError("not_found", "There is no such workflow.");
  const event = {
    accountId: ctx.accountId,
    key: input.key,
    kind: "workflow",
    component: "hosting",
    resourceId: input.resourceId,
    runs: "1",
    creditsMicro: "0",
    occurredAt: ctx.now.toISOString(),
  };
  const row = await firstRow(
    ctx.db,
    z.object({ outcome: z.enum(["recorded", "duplicate", "refused"]) }),
    sql`select outcome from record_events(${json([event])}, true, ${at(ctx.now)})`,
  );
  assertAllowed(
    row?.outcome === "refused" ? { allowed: false, code: "no_runs_left" } : { allowed: true },
    options.supportEmail,
  );
  return { counted: row?.outcome === "recorded" };
}
