import { sql } from "drizzle-orm";
import { z } from "zod";
import { burnRateMicroPerHour, liveBalanceMicro } from "@/lib/billing/burn";
import { DEPLOYMENT_STATUSES, type DeploymentStatus, RESOURCE_KINDS, type ResourceKind } from "@/lib/billing/kinds";
import { profileTitle } from "@/lib/billing/price-book";
import type { AccountContext } from "@/lib/context";
import { id, instant, micro, rows } from "@/lib/db/rows";

const deploymentRow = z.object({
  deployment_id: id,
  kind: z.enum(RESOURCE_KINDS),
  name: z.string(),
  program_id: z.string(),
  language: z.string().nullable(),
  replicas: z.number(),
  status: z.enum(DEPLOYMENT_STATUSES),
  status_reason: z.string().nullable(),
  endpoint: z.string().nullable(),
  created_by: z.string(),
  created_at: instant,
  deployed_at: instant.nullable(),
  ended_at: instant.nullable(),
  vcpus: z.number(),
  memory_gb: z.number(),
  gpu_type: z.string().nullable(),
  gpu_count: z.number(),
  settled_micro: micro,
  settled_through: instant,
  segments: z.array(z.tuple([micro, z.number(), z.number().nullable()])),
});

export type DeploymentView = {
  deploymentId: number;
  kind: ResourceKind;
  name: string;
  programId: string;
  language: string | null;
  profileTitle: string;
  replicas: number;
  status: DeploymentStatus;
  /** "limit": stopped because the credits ran out (A6); else words; null while it runs. */
  statusReason: string | null;
  endpoint: string | null;
  createdBy: string;
  createdAt: Date;
  deployedAt: Date | null;
  endedAt: Date | null;
  /** What it burns per hour at `untilMs`, all replicas together. */
  rateMicroPerHour: bigint;
  /** What it has cost so far, to the micro-credit. */
  creditsMicro: bigint;
};

/** The account's deployments, newest first, with what each has cost until `untilMs` (U7's figures, before rounding). */
export async function listDeployments(ctx: AccountContext, untilMs: number): Promise<DeploymentView[]> {
  const found = await rows(
    ctx.db,
    deploymentRow,
    sql`select d.deployment_id, d.kind, d.name, d.program_id, r.language, d.replicas, d.status, d.status_reason, d.endpoint, d.created_by, d.created_at,
        d.deployed_at, d.ended_at, h.vcpus, h.memory_gb, h.gpu_type, h.gpu_count, a.settled_through,
        coalesce((select sum(u.credits_micro) from usage u where u.account_id = d.account_id and u.deployment_id = d.deployment_id and u.resource_id = d.resource_id), 0)::bigint as settled_micro,
        coalesce((
          select json_agg(json_build_array(s.rate_micro_per_hour::text, (extract(epoch from s.started_at) * 1000)::bigint, (extract(epoch from s.ended_at) * 1000)::bigint))
          from segment s where s.account_id = d.account_id and s.deployment_id = d.deployment_id and not s.settled
        ), '[]') as segments
      from deployment d
      join account a on a.account_id = d.account_id
      join hardware_profile h on h.profile_id = d.profile_id
      join resource r on r.account_id = d.account_id and r.resource_id = d.resource_id
      where d.account_id = ${ctx.accountId}
      order by d.deployment_id desc`,
  );
  return found.map((row) => {
    const segments = row.segments.map(([rateMicroPerHour, startedAtMs, endedAtMs]) => ({
      rateMicroPerHour,
      startedAtMs,
      endedAtMs,
    }));
    const state = { settledMicro: 0n, settledThroughMs: row.settled_through.getTime(), segments };
    return {
      deploymentId: row.deployment_id,
      kind: row.kind,
      name: row.name,
      programId: row.program_id,
      language: row.language,
      profileTitle: profileTitle({
        vcpus: row.vcpus,
        memoryGb: row.memory_gb,
        gpuType: row.gpu_type,
        gpuCount: row.gpu_count,
      }),
      replicas: row.replicas,
      status: row.status,
      statusReason: row.status_reason,
      endpoint: row.endpoint,
      createdBy: row.created_by,
      createdAt: row.created_at,
      deployedAt: row.deployed_at,
      endedAt: row.ended_at,
      rateMicroPerHour: burnRateMicroPerHour(segments, untilMs),
      creditsMicro: row.settled_micro - liveBalanceMicro(state, untilMs),
    };
  });
}
