import { sql } from "drizzle-orm";
import { z } from "zod";
import type { AccountContext } from "@/lib/context";
import { id, instant, micro, rows } from "@/lib/db/rows";

const workflowRow = z.object({
  resource_id: id,
  name: z.string(),
  owner_name: z.string(),
  runs: micro,
  last_active_at: instant.nullable(),
});

export type WorkflowView = {
  resourceId: number;
  name: string;
  ownerName: string;
  runs: bigint;
  lastActiveAt: Date | null;
};

/** The account's workflows with their runs so far, most recently active first. */
export async function listWorkflows(ctx: AccountContext): Promise<WorkflowView[]> {
  const found = await rows(
    ctx.db,
    workflowRow,
    sql`select r.resource_id, r.name, r.owner_name, coalesce(u.runs, 0)::bigint as runs, e.last_active_at
      from resource r
      left join (select resource_id, sum(quantity) as runs from usage where account_id = ${ctx.accountId} and kind = 'workflow' group by resource_id) u
        on u.resource_id = r.resource_id
      left join (select resource_id, max(occurred_at) as last_active_at from usage_event where account_id = ${ctx.accountId} and kind = 'workflow' group by resource_id) e
        on e.resource_id = r.resource_id
      where r.account_id = ${ctx.accountId} and r.kind = 'workflow' and r.deleted_at is null
      order by e.last_active_at desc nulls last, r.name`,
  );
  return found.map((row) => ({
    resourceId: row.resource_id,
    name: row.name,
    ownerName: row.owner_name,
    runs: row.runs,
    lastActiveAt: row.last_active_at,
  }));
}
