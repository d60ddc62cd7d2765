import { sql } from "drizzle-orm";
import { z } from "zod";
import { converge, type DeploymentRef } from "@/lib/billing/converge";
import { intervalKey, reconcile } from "@/lib/billing/reconcile";
import type { Context } from "@/lib/context";
import { at, firstRow, id, instant, json, rows, run } from "@/lib/db/rows";
import type { Platform } from "@/lib/platform/platform";

/** Finished pods whose interval this process has put on record, so that they are not written at each poll. Losing it costs one write. */
export type ObservationMemory = { finished: Set<string> };

const openRow = z.object({ account_id: id, deployment_id: id, pod_uid: z.string(), pod_started_at: instant });
const wantedRow = z.object({
  account_id: id,
  deployment_id: id,
  wanted: z.enum(["running", "stopped"]),
  status: z.enum(["deploying", "deployed", "stopping"]),
  replicas: z.number(),
});
const stateRow = z.object({ observed_at: instant.nullable() });

export type ObservationResult = {
  /** Accounts whose burn rate changed: their stop is predicted anew (E2). */
  changedAccountIds: number[];
  missing: DeploymentRef[];
  back: DeploymentRef[];
  told: boolean;
};

/**
 * One poll (E1): what runs is on record with its real start and end, what is ready or gone is marked, all in one
 * transaction. A platform that does not answer completely changes nothing but the note that it does not (C5).
 */
export async function observePlatform(
  ctx: Context,
  platform: Platform,
  memory: ObservationMemory,
): Promise<ObservationResult> {
  const [open, wanted, [state]] = await Promise.all([
    rows(
      ctx.db,
      openRow,
      sql`select account_id, deployment_id, pod_uid, pod_started_at from segment where ended_at is null`,
    ),
    rows(
      ctx.db,
      wantedRow,
      sql`select account_id, deployment_id, wanted, status, replicas from deployment
        where (wanted = 'running' or status = 'stopping') and status in ('deploying', 'deployed', 'stopping')`,
    ),
    rows(ctx.db, stateRow, sql`select observed_at from platform_state where platform = ${platform.name}`),
  ]);

  const snapshot = await platform.snapshot().catch(async (error: unknown) => {
    await noteFailure(ctx, platform, error);
    throw error;
  });
  const pods = snapshot.pods.map((pod) => ({
    ...pod,
    startedAtMs: pod.startedAt?.getTime() ?? null,
    finishedAtMs: pod.finishedAt?.getTime() ?? null,
  }));
  const observedAtMs = snapshot.observedAt.getTime();
  const { opens, closes } = reconcile(
    open.map((row) => ({
      accountId: row.account_id,
      deploymentId: row.deployment_id,
      podUid: row.pod_uid,
      startedAtMs: row.pod_started_at.getTime(),
    })),
    memory.finished,
    { observedAtMs, pods },
    state?.observed_at?.getTime() ?? null,
  );
  const { ready, gone, back, missing } = converge(
    wanted.map((row) => ({
      accountId: row.account_id,
      deploymentId: row.deployment_id,
      wanted: row.wanted,
      status: row.status,
      replicas: row.replicas,
    })),
    pods,
  );

  const interval = ({ startedAtMs, endedAtMs, ...key }: { startedAtMs: number; endedAtMs: number | null }) => ({
    ...key,
    startedAt: new Date(startedAtMs).toISOString(),
    endedAt: endedAtMs === null ? null : new Date(endedAtMs).toISOString(),
  });
  const applied = await firstRow(
    ctx.db,
    z.object({ applied: z.boolean() }),
    sql`select apply_observation(${platform.name}, ${at(snapshot.observedAt)}, ${json(closes.map(interval))}, ${json(opens.map(interval))},
      ${json(ready)}, ${json(gone)}, ${json(back)}, ${at(ctx.now)}) as applied`,
  );
  if (!applied?.applied) return { changedAccountIds: [], missing: [], back: [], told: false };
  memory.finished = new Set(
    pods.flatMap((pod) =>
      pod.phase === "finished" && pod.startedAtMs !== null ? [intervalKey(pod.podUid, pod.startedAtMs)] : [],
    ),
  );
  return {
    changedAccountIds: [...new Set([...opens, ...closes].map((change) => change.accountId))],
    missing,
    back,
    told: ready.length + gone.length > 0,
  };
}

async function noteFailure(ctx: Context, platform: Platform, error: unknown): Promise<void> {
  const message = error instanceof Error ? error.message : String(error);
  await run(
    ctx.db,
    sql`insert into platform_state as s (platform, failing_since, last_error) values (${platform.name}, ${at(ctx.now)}, ${message})
      on conflict (platform) do update set failing_since = coalesce(s.failing_since, excluded.failing_since), last_error = excluded.last_error`,
  );
}
