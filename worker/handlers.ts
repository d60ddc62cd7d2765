import { setTimeout as sleep } from "node:timers/promises";
import { dispatchOutbox, dueDeliveries } from "@/lib/alerts/dispatch-outbox";
import { sendDelivery } from "@/lib/alerts/send-delivery";
import type { AccountContext, Context } from "@/lib/context";
import { SHARD_COUNT } from "@/lib/credits/open-account";
import { settleDue } from "@/lib/credits/settle-due";
import { accountsWithDueGrants, settleGrants } from "@/lib/credits/settle-grants";
import { applyDeployment } from "@/lib/deployments/apply-deployment";
import { observePlatform } from "@/lib/deployments/observe-platform";
import { carryOutStop } from "@/lib/enforcement/carry-out-stop";
import { type DueStop, dueStops, dueStopsOf, unappliedDeployments } from "@/lib/enforcement/due";
import { accountsNearLimit, scheduleStop } from "@/lib/enforcement/predict-stop";
import { shardsToTick, type TickResult, tickAccount, tickShard } from "@/lib/enforcement/tick-accounts";
import type { JobName, JobPayload } from "@/lib/queue/catalogue";
import type { Dependencies } from "./dependencies";

/** How long an attempt of a stop looks for its effect before the next attempt takes over. */
const STOP_WATCH_MS = 2_000;
const STOP_WATCH_STEP_MS = 100;
/** A predicted instant nearer than this is waited for in place. */
const IMMINENT_MS = 250;

const systemContext = (deps: Dependencies): Context => ({ db: deps.db, now: deps.now(), actor: "podmeter" });
const accountContext = (deps: Dependencies, accountId: number): AccountContext => ({
  ...systemContext(deps),
  accountId,
});

/** One handler per job of the catalogue; one that is missing does not compile. */
export const handlers: { [Name in JobName]: (deps: Dependencies, payload: JobPayload<Name>) => Promise<void> } = {
  "platform.observe": observe,

  "ledger.tick": tick,

  /** The tick first: after an hour is settled, nobody can tell any more when in it a limit was crossed. */
  async "ledger.settle"(deps) {
    await tick(deps);
    for (let shard = 0; shard < SHARD_COUNT; shard++) await settleDue(systemContext(deps), shard);
  },

  async "limit.predict"(deps) {
    for (const accountId of await accountsNearLimit(systemContext(deps)))
      await scheduleStop(accountContext(deps, accountId), deps.queues.enqueue);
  },

  async "limit.check"(deps, { accountId }) {
    const result = await tickAccount(accountContext(deps, accountId));
    await followTick(deps, result);
    if (result.stoppedAccountIds.length > 0) return;
    const stopAtMs = await scheduleStop(accountContext(deps, accountId), deps.queues.enqueue);
    const waitMs = stopAtMs === null ? Number.POSITIVE_INFINITY : stopAtMs - deps.now().getTime();
    if (waitMs > IMMINENT_MS) return;
    await sleep(Math.max(1, waitMs + 1));
    await followTick(deps, await tickAccount(accountContext(deps, accountId)));
  },

  async "deployment.apply"(deps, { accountId, deploymentId }) {
    const outcome = await applyDeployment(accountContext(deps, accountId), deps.platform, { deploymentId });
    if (outcome === "failed") await deps.queues.enqueue("outbox.dispatch", {});
    if (outcome === "applied") await deps.queues.enqueue("platform.observe", {}, { delayMs: 300 });
  },

  async "stop.carry-out"(deps, { accountId, stopOrderId }) {
    const attempt = await carryOutStop(accountContext(deps, accountId), deps.platform, { stopOrderId });
    if (!attempt.asked) return;
    await awaitGone(deps, { accountId, deploymentId: attempt.deploymentId });
    await observe(deps);
    await deps.queues.enqueue(
      "stop.carry-out",
      { accountId, stopOrderId },
      {
        delayMs: attempt.nextAttemptAtMs - deps.now().getTime(),
        uniqueId: `stop-${accountId}-${stopOrderId}-${attempt.nextAttemptAtMs}`,
      },
    );
  },

  async "outbox.dispatch"(deps) {
    await dispatchOutbox(systemContext(deps));
    for (const { accountId, deliveryId, attempts } of await dueDeliveries(systemContext(deps))) {
      await deps.queues.enqueue(
        "delivery.send",
        { accountId, deliveryId },
        { uniqueId: `mail-${accountId}-${deliveryId}-${attempts}` },
      );
    }
  },

  async "delivery.send"(deps, { accountId, deliveryId }) {
    await sendDelivery(
      accountContext(deps, accountId),
      { deliveryId },
      { mailer: deps.mailer, appUrl: deps.env.APP_URL, supportEmail: deps.env.SUPPORT_EMAIL },
    );
  },

  /** Whatever is due by the tables and has no job, because one was lost or never made (E8). */
  async "sweep.due"(deps) {
    await carryOut(deps, await dueStops(systemContext(deps)));
    for (const deployment of await unappliedDeployments(systemContext(deps)))
      await deps.queues.enqueue("deployment.apply", deployment);
    await deps.queues.enqueue("outbox.dispatch", {});
  },
};

async function observe(deps: Dependencies): Promise<void> {
  const { changedAccountIds, missing, back, told } = await observePlatform(
    systemContext(deps),
    deps.platform,
    deps.memory,
  );
  for (const accountId of changedAccountIds) await scheduleStop(accountContext(deps, accountId), deps.queues.enqueue);
  for (const deployment of missing) await deps.queues.enqueue("deployment.apply", deployment);
  if (told) await deps.queues.enqueue("outbox.dispatch", {});
  if (back.length > 0) await carryOut(deps, await dueStops(systemContext(deps)));
}

async function tick(deps: Dependencies): Promise<void> {
  for (const accountId of await accountsWithDueGrants(systemContext(deps))) {
    await settleGrants(accountContext(deps, accountId));
  }
  for (const shard of await shardsToTick(systemContext(deps)))
    await followTick(deps, await tickShard(systemContext(deps), shard));
}

async function followTick(deps: Dependencies, result: TickResult): Promise<void> {
  for (const accountId of result.stoppedAccountIds)
    await carryOut(deps, await dueStopsOf(accountContext(deps, accountId)));
  if (result.risenAccountIds.length > 0) await deps.queues.enqueue("outbox.dispatch", {});
}

async function carryOut(deps: Dependencies, stops: DueStop[]): Promise<void> {
  for (const { accountId, stopOrderId, attempts } of stops) {
    await deps.queues.enqueue(
      "stop.carry-out",
      { accountId, stopOrderId },
      { uniqueId: `stop-${accountId}-${stopOrderId}-${attempts}` },
    );
  }
}

async function awaitGone(deps: Dependencies, ref: { accountId: number; deploymentId: number }): Promise<void> {
  for (let waitedMs = 0; waitedMs < STOP_WATCH_MS; waitedMs += STOP_WATCH_STEP_MS) {
    const { pods } = await deps.platform.snapshot();
    const alive = pods.some(
      (pod) => pod.accountId === ref.accountId && pod.deploymentId === ref.deploymentId && pod.phase !== "finished",
    );
    if (!alive) return;
    await sleep(STOP_WATCH_STEP_MS);
  }
}
