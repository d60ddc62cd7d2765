import { sql } from "drizzle-orm";
import { dispatchOutbox } from "@/lib/alerts/dispatch-outbox";
import type { ResourceKind } from "@/lib/billing/kinds";
import type { AccountContext } from "@/lib/context";
import { SHARD_COUNT } from "@/lib/credits/open-account";
import { settleDue } from "@/lib/credits/settle-due";
import { settleGrants } from "@/lib/credits/settle-grants";
import { topUp } from "@/lib/credits/top-up";
import type { Database } from "@/lib/db/client";
import { at, json, run } from "@/lib/db/rows";
import { createDeployment } from "@/lib/deployments/create-deployment";
import { undeploy } from "@/lib/deployments/undeploy";
import { tickShard } from "@/lib/enforcement/tick-accounts";
import type { Program } from "@/lib/platform/platform";

/** A past that is told by the engine itself, on a clock that is set (C9): no balance, usage row or percentage is typed in. */
export type HistoryEvent =
  | {
      at: Date;
      act: "deploy";
      key: string;
      kind: ResourceKind;
      name: string;
      programId: string;
      profileId: string;
      replicas: number;
    }
  | { at: Date; act: "undeploy"; key: string }
  | { at: Date; act: "top_up"; credits: string; runs: string; reason: string }
  | { at: Date; act: "runs"; resourceId: number; count: number; spreadMs: number };

type Running = { deploymentId: number; podUids: string[]; startedAt: Date };

/** Replays events in order for one account: pods that start and end at the events' instants, hours settled and thresholds looked at as they pass. */
export async function replay(
  db: Database,
  accountId: number,
  events: readonly HistoryEvent[],
  programs: readonly Program[],
  actors: { owner: string; operator: string },
): Promise<void> {
  const running = new Map<string, Running>();
  const ordered = [...events].sort((a, b) => a.at.getTime() - b.at.getTime());
  for (const [index, event] of ordered.entries()) {
    const ctx: AccountContext = { db, accountId, now: event.at, actor: actors.owner };
    await passTime(ctx);
    switch (event.act) {
      case "deploy": {
        const { deploymentId } = await createDeployment(ctx, event, { programs, supportEmail: "" });
        const podUids = Array.from({ length: event.replicas }, (_, replica) => `past-${accountId}-${index}-${replica}`);
        const pods = podUids.map((podUid) => ({
          accountId,
          deploymentId,
          podUid,
          startedAt: event.at.toISOString(),
          endedAt: null,
        }));
        await observe(ctx, { opens: pods, ready: [{ accountId, deploymentId, endpoint: "http://localhost/" }] });
        running.set(event.key, { deploymentId, podUids, startedAt: event.at });
        break;
      }
      case "undeploy": {
        const past = running.get(event.key);
        if (!past) break;
        running.delete(event.key);
        await undeploy(
          { ...ctx, now: new Date(event.at.getTime() - 1) },
          { deploymentId: past.deploymentId, reason: "user" },
        );
        const ref = { accountId, deploymentId: past.deploymentId };
        const closes = past.podUids.map((podUid) => ({
          ...ref,
          podUid,
          startedAt: past.startedAt.toISOString(),
          endedAt: event.at.toISOString(),
        }));
        await observe(ctx, { closes, gone: [ref] });
        break;
      }
      case "top_up":
        await topUp(
          { ...ctx, actor: actors.operator },
          { credits: event.credits, runs: event.runs, reason: event.reason, ref: `history-${accountId}-${index}` },
        );
        break;
      case "runs": {
        const runs = Array.from({ length: event.count }, (_, run) => ({
          accountId,
          key: `history-${index}-${run}`,
          kind: "workflow",
          component: "hosting",
          resourceId: event.resourceId,
          runs: "1",
          creditsMicro: "0",
          occurredAt: new Date(
            event.at.getTime() - Math.floor((event.spreadMs * (event.count - run)) / event.count),
          ).toISOString(),
        }));
        await run(db, sql`select count(*) from record_events(${json(runs)}, true, ${at(event.at)})`);
      }
    }
  }
}

/** Settles and looks at thresholds up to an instant; nobody is a member yet, so nothing of the past is mailed. */
export async function passTime(ctx: AccountContext): Promise<void> {
  await observe(ctx, {});
  const shard = ctx.accountId % SHARD_COUNT;
  await settleGrants(ctx);
  await settleDue(ctx, shard);
  await tickShard(ctx, shard);
  await dispatchOutbox(ctx);
}

async function observe(
  ctx: AccountContext,
  seen: { opens?: unknown[]; closes?: unknown[]; ready?: unknown[]; gone?: unknown[] },
): Promise<void> {
  await run(
    ctx.db,
    sql`select apply_observation('local', ${at(ctx.now)}, ${json(seen.closes ?? [])}, ${json(seen.opens ?? [])}, ${json(seen.ready ?? [])}, ${json(seen.gone ?? [])}, '[]', ${at(ctx.now)})`,
  );
}
