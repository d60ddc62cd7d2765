import { sql } from "drizzle-orm";
import { z } from "zod";
import { RESOURCE_KINDS } from "@/lib/billing/kinds";
import type { AccountContext } from "@/lib/context";
import { at, firstRow, run } from "@/lib/db/rows";
import { PodmeterError } from "@/lib/errors";
import type { Platform } from "@/lib/platform/platform";

const row = z.object({
  name: z.string(),
  kind: z.enum(RESOURCE_KINDS),
  program_id: z.string(),
  profile_id: z.string(),
  replicas: z.number(),
  grace_seconds: z.number(),
  wanted: z.enum(["running", "stopped"]),
  closed: z.boolean(),
});

/**
 * Makes the platform run what is wanted. Idempotent: it may be asked after each poll that misses a pod. A program that does
 * not stay up is given up and its deployment fails, with what it printed last.
 */
export async function applyDeployment(
  ctx: AccountContext,
  platform: Platform,
  input: { deploymentId: number },
): Promise<"applied" | "not_wanted" | "failed"> {
  const found = await firstRow(
    ctx.db,
    row,
    sql`select d.name, d.kind, d.program_id, d.profile_id, d.replicas, d.grace_seconds, d.wanted, a.closed_at is not null as closed
      from deployment d join account a on a.account_id = d.account_id
      where d.account_id = ${ctx.accountId} and d.deployment_id = ${input.deploymentId}`,
  );
  if (found?.wanted !== "running") return "not_wanted";
  const ref = { accountId: ctx.accountId, deploymentId: input.deploymentId };
  await platform.setGate(ctx.accountId, found.closed);
  try {
    await platform.deploy({
      ...ref,
      name: found.name,
      kind: found.kind,
      programId: found.program_id,
      profileId: found.profile_id,
      replicas: found.replicas,
      graceSeconds: found.grace_seconds,
    });
  } catch (error) {
    if (!(error instanceof PodmeterError) || (error.code !== "conflict" && error.code !== "invalid_input")) throw error;
    await run(
      ctx.db,
      sql`select fail_deployment(${ctx.accountId}, ${input.deploymentId}, ${error.message}, ${at(ctx.now)})`,
    );
    await platform.stop(ref, { operationId: `failed-${input.deploymentId}` });
    return "failed";
  }
  await run(
    ctx.db,
    sql`update deployment set applied_at = ${at(ctx.now)} where account_id = ${ctx.accountId} and deployment_id = ${input.deploymentId} and wanted = 'running'`,
  );
  return "applied";
}
