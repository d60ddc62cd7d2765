import { sql } from "drizzle-orm";
import { z } from "zod";
import type { AccountContext } from "@/lib/context";
import { changePlan } from "@/lib/credits/change-plan";
import { changePrice } from "@/lib/credits/change-price";
import { correctPod, correctUsage } from "@/lib/credits/correct-usage";
import { openAccount } from "@/lib/credits/open-account";
import { readBalance } from "@/lib/credits/read-balance";
import { topUp } from "@/lib/credits/top-up";
import { at, firstRow, id, instant, json, micro, rows, run } from "@/lib/db/rows";
import { createDeployment } from "@/lib/deployments/create-deployment";
import { PodmeterError } from "@/lib/errors";
import type { ObservedPod } from "@/lib/platform/platform";
import { billOf, type PriceStep } from "./bill";
import { type Engine, SUPPORT } from "./engine";
import { BEGIN_MS, END_MS, type History, PROFILES, SYNC_MS, type World } from "./histories";

/** Who looks when, and in which order events that came in between are recorded. */
export type Schedule = { looks: "many" | "few"; events: "as they come" | "in order" | "backwards" };

/** An account with its deployments, and its history. */
type Life = History & { index: number; accountId: number; deployments: { deploymentId: number; resourceId: number }[] };

const credits = (creditsMicro: bigint) =>
  `${creditsMicro / 1_000_000n}.${(creditsMicro % 1_000_000n).toString().padStart(6, "0")}`;

/** Plays a world on an engine, and returns what stands in the books of each account at its end. */
export async function play(engine: Engine, world: World, schedule: Schedule) {
  engine.at(BEGIN_MS);
  for (const [planId, cycleCredits] of [
    ["free", "0"],
    ["team", "3"],
  ] as const)
    await changePlan(engine.ctx(), {
      planId,
      name: planId,
      negativeLimit: "1000000000",
      deployFloor: "0",
      cycleCredits,
      cycleRuns: cycleCredits,
    });
  const lives = await inParallel([...world.histories.entries()], ([index, history]) => begin(engine, history, index));
  await run(engine.db, sql`update account set shard = 0`);
  showPods(engine, lives);

  const prices = new Map<string, PriceStep[]>();
  const base = await rows(
    engine.db,
    z.object({ profile_id: z.string(), rate: micro }),
    sql`select profile_id, credits_per_hour_micro as rate from price`,
  );
  for (const row of base) prices.set(row.profile_id, [{ fromMs: 0, rateMicroPerHour: row.rate }]);

  const isOut = (ms: number) => world.outages.some(({ fromMs, lastsMs }) => ms >= fromMs && ms <= fromMs + lastsMs);
  const looks = [...SYNC_MS, ...(schedule.looks === "many" ? world.looksMs : [])];
  const points = [...new Set([...looks, ...world.prices.map((change) => change.atMs)])].sort((a, b) => a - b);
  let fromMs = 0;
  for (const ms of points) {
    await inParallel(lives, (life) => act(engine, life, fromMs, ms, schedule));
    engine.at(BEGIN_MS + ms);
    engine.platform.failure = isOut(ms) ? new Error("away") : null;
    for (const change of world.prices.filter(({ atMs }) => atMs === ms)) await putPrice(engine, change, prices);
    if (looks.includes(ms)) await look(engine);
    const sync = SYNC_MS.indexOf(ms);
    if (sync >= 0) await inParallel(lives, (life) => correct(engine, life, sync));
    fromMs = ms;
  }
  await look(engine);
  return inParallel(lives, (life) => booksOf(engine, life, prices));
}

async function inParallel<In, Out>(given: readonly In[], work: (one: In) => Promise<Out>): Promise<Out[]> {
  const results: Out[] = [];
  const queue = [...given.entries()];
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) results[next[0]] = await work(next[1]);
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return results;
}

async function look(engine: Engine): Promise<void> {
  await engine.observe().catch((error: unknown) => {
    if (error !== engine.platform.failure) throw error;
  });
  await engine.settleGrants();
  await engine.tick([0]);
  await engine.settle([0]);
}

async function begin(engine: Engine, history: History, index: number): Promise<Life> {
  const { accountId } = await openAccount(engine.ctx(), {
    name: `History ${index}`,
    timeZone: history.timeZone,
    planId: history.planId,
    anchorDay: history.anchorDay,
    creditsMicro: history.freeMicro,
    runs: 100n,
    freeExpiresAt: history.freeLastsMs === null ? null : new Date(BEGIN_MS + history.freeLastsMs),
  });
  // Enough for all: beyond the last run nothing is taken, and which was the last does depend on the order.
  await topUp(engine.of(accountId), { runs: "1000", reason: "a history", ref: "plenty-of-runs" });
  const deployments: Life["deployments"] = [];
  for (const [index, programId] of ["hello-http", "echo-model"].entries()) {
    const { deploymentId } = await createDeployment(
      engine.of(accountId),
      { name: programId, programId, profileId: PROFILES[index] ?? "", replicas: 1 },
      { programs: engine.platform.programs(), supportEmail: SUPPORT },
    );
    const row = await firstRow(
      engine.db,
      z.object({ resource_id: id }),
      sql`select resource_id from deployment where deployment_id = ${deploymentId}`,
    );
    deployments.push({ deploymentId, resourceId: row?.resource_id ?? 0 });
  }
  return { ...history, index, accountId, deployments };
}

/** All pods are there from the beginning; what a snapshot shows of each depends on when it is taken. */
function showPods(engine: Engine, lives: readonly Life[]): void {
  const seen = new Map<string, { startMs: number; endMs: number }>();
  for (const { accountId, index, deployments, pods } of lives) {
    for (const [ordinal, pod] of pods.entries()) {
      const startMs = BEGIN_MS + pod.startMs;
      const endMs = pod.ranMs === null ? null : startMs + pod.ranMs;
      const podUid = `${index}-${ordinal}`;
      seen.set(podUid, {
        startMs: startMs + pod.startSeenLaterMs,
        endMs: (endMs ?? Number.POSITIVE_INFINITY) + pod.endSeenLaterMs,
      });
      engine.platform.pods.push({
        accountId,
        deploymentId: deployments[pod.deployment]?.deploymentId ?? 0,
        podUid,
        replicaIndex: 0,
        phase: endMs === null ? "running" : "finished",
        startedAt: new Date(startMs),
        finishedAt: endMs === null ? null : new Date(endMs),
        endpoint: null,
      });
    }
  }
  engine.platform.veil = (pod: ObservedPod) => {
    const now = engine.clock.now.getTime();
    const { startMs, endMs } = seen.get(pod.podUid) ?? { startMs: 0, endMs: 0 };
    // At the end everything is known.
    if (now < BEGIN_MS + END_MS ? now < startMs : now < (pod.startedAt?.getTime() ?? 0)) return null;
    const isOver = (pod.finishedAt?.getTime() ?? Number.POSITIVE_INFINITY) <= now;
    if (isOver && (now >= endMs || now >= BEGIN_MS + END_MS)) return pod;
    return { ...pod, phase: "running", finishedAt: null };
  };
}

/** Everything that people and programs did with one account after `fromMs`, up to `toMs`. */
async function act(engine: Engine, life: Life, fromMs: number, toMs: number, schedule: Schedule): Promise<void> {
  const ctxAt = (ms: number): AccountContext => ({ ...engine.of(life.accountId), now: new Date(BEGIN_MS + ms) });
  const isNow = (ms: number) => ms > fromMs && ms <= toMs;
  const acts = life.topUps.flatMap((given, index) =>
    isNow(given.atMs)
      ? [
          {
            atMs: given.atMs,
            run: () =>
              topUp(ctxAt(given.atMs), {
                credits: credits(given.creditsMicro),
                runs: String(given.runs),
                expiresAt: given.lastsMs === null ? null : new Date(BEGIN_MS + given.atMs + given.lastsMs),
                kind: given.kind,
                reason: "a history",
                ref: `top-up-${index}`,
              }),
          },
        ]
      : [],
  );
  const events = life.events.flatMap((event, index) => {
    const recordedMs = Math.min(END_MS, event.atMs + event.recordedLaterMs);
    if (!isNow(recordedMs)) return [];
    const atMs = schedule.events === "as they come" ? recordedMs : toMs;
    return [{ atMs, run: () => record(ctxAt(atMs), life, event, index) }];
  });
  if (schedule.events === "backwards") events.reverse();
  for (const { run } of [...acts, ...events].sort((a, b) => a.atMs - b.atMs)) await run();
}

async function record(ctx: AccountContext, life: Life, event: History["events"][number], index: number) {
  const isRun = event.creditsMicro === 0n;
  const row = {
    accountId: ctx.accountId,
    key: `event-${index}`,
    kind: isRun ? "workflow" : "model",
    component: isRun ? "hosting" : "inference",
    resourceId: life.deployments[1]?.resourceId,
    runs: String(isRun ? event.runs : 0),
    creditsMicro: event.creditsMicro.toString(),
    occurredAt: new Date(BEGIN_MS + event.atMs).toISOString(),
  };
  for (let time = 0; time < (event.twice ? 2 : 1); time++)
    await run(ctx.db, sql`select * from record_events(${json([row])}, false, ${at(ctx.now)})`);
}

async function putPrice(engine: Engine, change: World["prices"][number], prices: Map<string, PriceStep[]>) {
  const profileId = PROFILES[change.profile] ?? "";
  const fromMs = engine.clock.now.getTime() + change.inForceAfterMs;
  try {
    await changePrice(engine.ctx(), {
      profileId,
      creditsPerHour: credits(change.rateMicroPerHour),
      inForceFrom: new Date(fromMs),
    });
    prices.get(profileId)?.push({ fromMs, rateMicroPerHour: change.rateMicroPerHour });
  } catch (error) {
    if (!(error instanceof PodmeterError && error.code === "conflict")) throw error;
  }
}

const chargedRow = z.object({
  hour: instant,
  deployment_id: id,
  resource_id: id,
  component: z.string(),
  credits_micro: micro,
  seq: id.nullable(),
});

/** The corrections of this account at one of the instants at which all is settled. What may not be corrected is refused in every schedule alike. */
async function correct(engine: Engine, life: Life, sync: number): Promise<void> {
  const ctx = engine.of(life.accountId, "ops@example.test");
  for (const [index, correction] of life.corrections.entries()) {
    if (correction.sync !== sync) continue;
    const note = { reason: "a history", ref: `correction-${index}` };
    const podUid = `${life.index}-${correction.pick % Math.max(1, life.pods.length)}`;
    const charged = await rows(
      ctx.db,
      chargedRow,
      sql`select hour, deployment_id, resource_id, component, sum(credits_micro)::bigint as credits_micro,
          min(ledger_seq) filter (where credits_micro > 0) as seq
        from usage where account_id = ${ctx.accountId} group by 1, 2, 3, 4 having sum(credits_micro) > 0 order by 1, 2, 3, 4`,
    );
    const row = charged[correction.pick % Math.max(1, charged.length)];
    try {
      if (correction.wholePod) await correctPod(ctx, { podUid, ...note });
      else if (row?.seq)
        await correctUsage(ctx, {
          seq: row.seq,
          hour: row.hour,
          deploymentId: row.deployment_id,
          resourceId: row.resource_id,
          creditsMicro: (row.credits_micro * correction.quarters + 3n) / 4n,
          ...note,
        });
    } catch (error) {
      if (!(error instanceof PodmeterError)) throw error;
    }
  }
}

async function booksOf(engine: Engine, life: Life, prices: ReadonlyMap<string, readonly PriceStep[]>) {
  const { accountId } = life;
  const balance = await readBalance(engine.of(accountId));
  const usage = await rows(
    engine.db,
    z.object({ hour: z.string(), deployment_id: id, component: z.string(), running_ms: id, credits_micro: micro }),
    sql`select hour, deployment_id, component, sum(running_ms)::bigint as running_ms, sum(credits_micro)::bigint as credits_micro from usage
      where account_id = ${accountId} group by 1, 2, 3 having sum(running_ms) <> 0 or sum(credits_micro) <> 0 order by 1, 2, 3`,
  );
  const expired = await rows(
    engine.db,
    z.object({ ref: z.string(), credits_micro: micro, runs: micro }),
    sql`select g.ref, sum(e.credits_micro)::bigint as credits_micro, sum(e.runs)::bigint as runs
      from ledger e join ledger g on g.account_id = e.account_id and g.grant_id = e.grant_id and g.kind = 'grant'
      where e.account_id = ${accountId} and e.kind = 'expiry' group by 1
      -- What was written and taken back is as nothing written: only whoever looked in between has the two lines.
      having sum(e.credits_micro) <> 0 or sum(e.runs) <> 0 order by 1`,
  );
  const byKind = await rows(
    engine.db,
    z.object({ kind: z.string(), credits_micro: micro }),
    sql`select kind, sum(credits_micro)::bigint as credits_micro from ledger where account_id = ${accountId} group by 1`,
  );
  const sum = (...kinds: string[]) =>
    byKind.filter((row) => kinds.includes(row.kind)).reduce((total, row) => total + row.credits_micro, 0n);
  const pods = engine.platform.pods.filter((pod) => pod.accountId === accountId);
  const bill = pods.reduce((total, pod) => {
    const profile = life.deployments.findIndex(({ deploymentId }) => deploymentId === pod.deploymentId);
    return total + billOf(pod, prices.get(PROFILES[profile] ?? "") ?? [], engine.clock.now.getTime());
  }, 0n);
  return {
    books: {
      remainingMicro: balance.remainingMicro,
      runsRemaining: balance.runsRemaining,
      grantedMicro: balance.grantedMicro,
      runsGranted: balance.runsGranted,
      usage: usage.map(({ deployment_id, ...row }) => ({
        ...row,
        deployment: life.deployments.findIndex(({ deploymentId }) => deploymentId === deployment_id),
      })),
      expired,
      correctedMicro: sum("correction"),
    },
    /** What remains by the rules alone: what came in, less what ended, what ran, and what was counted. */
    expectedMicro: sum("grant", "expiry", "correction", "event") - bill,
  };
}
