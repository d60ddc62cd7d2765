import fc from "fast-check";
import { DEFAULT_PRICE_BOOK } from "@/lib/billing/price-book";
import { changePrice } from "@/lib/credits/change-price";
import { SHARD_COUNT } from "@/lib/credits/open-account";
import { readBalance } from "@/lib/credits/read-balance";
import { topUp } from "@/lib/credits/top-up";
import { listDeployments } from "@/lib/deployments/list-deployments";
import { undeploy } from "@/lib/deployments/undeploy";
import { PodmeterError } from "@/lib/errors";
import type { ObservedPod } from "@/lib/platform/platform";
import { billOf, type PriceStep } from "./bill";
import { type Engine, HOUR, MINUTE } from "./engine";

/** What befalls an account and its platform, at milliseconds of one working day. `which` picks among what there is. */
export type Step = { atMs: number } & (
  | { act: "deploy"; profile: number; replicas: number }
  | { act: "undeploy"; which: number }
  | { act: "grow"; which: number; shownAfterMs: number }
  | { act: "lose"; which: number; shownAfterMs: number }
  | { act: "price"; profile: number; inMs: number; rateMicroPerHour: number }
  | { act: "topUp"; credits: number }
  | { act: "away"; forMs: number }
);

const PROFILES = ["script-1x2", "script-4x8", "model-a10x1"];
const DAY_MS = 7 * HOUR;
const START_MICRO = 100_000_000_000n;

const which = fc.nat(20);
/** At once, or only hours later, when the platform tells of it. */
const shownAfterMs = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 3 * HOUR }));
const profile = fc.nat(PROFILES.length - 1);
const atMs = fc.integer({ min: 0, max: DAY_MS - HOUR });
const act = <const Name extends Step["act"]>(name: Name) => fc.constant(name);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ atMs, act: act("grow"), which, shownAfterMs }) },
  { weight: 4, arbitrary: fc.record({ atMs, act: act("lose"), which, shownAfterMs }) },
  {
    weight: 3,
    arbitrary: fc.record({
      atMs,
      act: act("price"),
      profile,
      inMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 90 * MINUTE })),
      rateMicroPerHour: fc.nat(9_000_000),
    }),
  },
  { weight: 2, arbitrary: fc.record({ atMs, act: act("deploy"), profile, replicas: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ atMs, act: act("undeploy"), which }) },
  { weight: 1, arbitrary: fc.record({ atMs, act: act("topUp"), credits: fc.integer({ min: 1, max: 1_000 }) }) },
  { weight: 1, arbitrary: fc.record({ atMs, act: act("away"), forMs: fc.integer({ min: MINUTE, max: 2 * HOUR }) }) },
);
const first: Step = { atMs: 60_007, act: "deploy", profile: 1, replicas: 2 };

export const histories = fc.array(step, { minLength: 8, maxLength: 20 }).map((steps) => [first, ...steps]);

/** One history in which everything happens that is hard: each of its late facts comes after its hour was settled. */
export const hardHistory: Step[] = [
  first,
  { atMs: 3 * MINUTE, act: "deploy", profile: 2, replicas: 1 },
  { atMs: 11 * MINUTE + 1, act: "grow", which: 0, shownAfterMs: 2 * HOUR },
  { atMs: 40 * MINUTE + 7, act: "price", profile: 1, inMs: 0, rateMicroPerHour: 1_000_003 },
  { atMs: 50 * MINUTE, act: "price", profile: 2, inMs: 80 * MINUTE + 11, rateMicroPerHour: 7_777_777 },
  { atMs: 55 * MINUTE, act: "away", forMs: 2 * HOUR },
  { atMs: 70 * MINUTE + 3, act: "grow", which: 1, shownAfterMs: 0 },
  { atMs: 85 * MINUTE + 3, act: "lose", which: 1, shownAfterMs: 0 },
  { atMs: 3 * HOUR + 5 * MINUTE, act: "lose", which: 0, shownAfterMs: 130 * MINUTE },
  { atMs: 3 * HOUR + 9 * MINUTE, act: "price", profile: 1, inMs: 45 * MINUTE, rateMicroPerHour: 500_001 },
  { atMs: 3 * HOUR + 20 * MINUTE, act: "topUp", credits: 7 },
  { atMs: 3 * HOUR + 25 * MINUTE, act: "grow", which: 0, shownAfterMs: 95 * MINUTE },
  { atMs: 3 * HOUR + 30 * MINUTE, act: "undeploy", which: 1 },
];

export type Outcome = { remainingMicro: bigint; deployments: bigint[] };

/** One account's day on an engine that looks, ticks and settles every so often. Says what the engine charged, and what the true running times cost. */
export async function liveThrough(
  engine: Engine,
  dayMs: number,
  steps: readonly Step[],
  everyMs: number,
): Promise<{ charged: Outcome; owed: Outcome }> {
  const life = new Life(engine, dayMs);
  await life.open();
  const looks = Array.from({ length: Math.floor(DAY_MS / everyMs) }, (_, index) => ({
    atMs: (index + 1) * everyMs,
    act: "look" as const,
  }));
  for (const moment of [...steps, ...looks].sort((a, b) => a.atMs - b.atMs)) {
    engine.at(dayMs + moment.atMs);
    if (moment.act === "look") await life.look();
    else await life.take(moment);
  }
  return life.end();
}

class Life {
  private accountId = 0;
  private readonly deployments: { accountId: number; deploymentId: number; profileId: string }[] = [];
  private readonly prices = new Map<string, PriceStep[]>();
  private readonly shownFrom = new Map<string, { startMs: number; endMs: number }>();
  private awayUntilMs = 0;
  private toppedUp = 0n;

  constructor(
    private readonly engine: Engine,
    private readonly dayMs: number,
  ) {}

  async open(): Promise<void> {
    const { engine } = this;
    engine.at(this.dayMs);
    engine.platform.pods.length = 0;
    engine.platform.veil = (pod) => this.shown(pod);
    this.accountId = await engine.account({ creditsMicro: START_MICRO });
    for (const { profileId, creditsPerHourMicro } of DEFAULT_PRICE_BOOK) {
      if (PROFILES.includes(profileId)) await this.setPrice(profileId, this.dayMs, creditsPerHourMicro);
    }
  }

  /** What a worker does; one that was started anew now and then. */
  async look(): Promise<void> {
    const { engine } = this;
    const away = engine.clock.now.getTime() < this.awayUntilMs;
    engine.platform.failure = away ? new PodmeterError("platform_unavailable", "away") : null;
    const fresh = engine.clock.now.getTime() % 5 === 0;
    const looked = engine.observe(fresh ? { finished: new Set() } : engine.memory);
    await (away ? looked.catch(() => {}) : looked);
    const shards = [this.accountId % SHARD_COUNT];
    await engine.tick(shards);
    await engine.settle(shards);
  }

  async take(step: Step): Promise<void> {
    const { engine } = this;
    const nowMs = engine.clock.now.getTime();
    const away = nowMs < this.awayUntilMs;
    if (step.act === "away") this.awayUntilMs = nowMs + step.forMs;
    if (step.act === "price")
      await this.setPrice(PROFILES[step.profile] ?? "", nowMs + step.inMs, BigInt(step.rateMicroPerHour));
    if (step.act === "topUp") {
      this.toppedUp += BigInt(step.credits) * 1_000_000n;
      await topUp(engine.of(this.accountId), {
        credits: String(step.credits),
        reason: "as it came",
        ref: `top-up-${nowMs}-${step.credits}`,
      });
    }
    if (step.act === "deploy" && !away) {
      engine.platform.failure = null;
      const profileId = PROFILES[step.profile] ?? "";
      const deploymentId = await engine.deploy(this.accountId, {
        name: `d${this.deployments.length}`,
        profileId,
        replicas: step.replicas,
      });
      this.deployments.push({ accountId: this.accountId, deploymentId, profileId });
    }
    const deployment = "which" in step ? this.deployments[step.which % this.deployments.length] : undefined;
    if (!deployment) return;
    const [pod] = engine.platform.alive(deployment);
    if (step.act === "undeploy" && pod && !away) {
      engine.platform.failure = null;
      // A second time it is not there any more.
      await undeploy(engine.of(this.accountId), { deploymentId: deployment.deploymentId, reason: "user" }).catch(
        () => {},
      );
      await engine.carryOutStops();
    }
    if (step.act === "grow" && pod) {
      const started = engine.platform.start(deployment, 7);
      this.shownFrom.set(started.podUid, { startMs: nowMs + step.shownAfterMs, endMs: 0 });
    }
    if (step.act === "lose" && pod) {
      engine.platform.end(pod);
      this.shownFrom.set(pod.podUid, {
        startMs: this.shownFrom.get(pod.podUid)?.startMs ?? 0,
        endMs: nowMs + step.shownAfterMs,
      });
    }
  }

  async end(): Promise<{ charged: Outcome; owed: Outcome }> {
    const { engine } = this;
    engine.at(this.dayMs + DAY_MS + 2 * HOUR);
    this.awayUntilMs = 0;
    await this.look();
    const untilMs = engine.clock.now.getTime();
    const charged = {
      remainingMicro: (await readBalance(engine.of(this.accountId))).remainingMicro,
      deployments: (await listDeployments(engine.of(this.accountId), untilMs))
        .map((view) => view.creditsMicro)
        .reverse(),
    };
    const bills = this.deployments.map(({ deploymentId, profileId }) =>
      sum(
        engine.platform.pods
          .filter((pod) => pod.deploymentId === deploymentId)
          .map((pod) => billOf(pod, this.prices.get(profileId) ?? [], untilMs)),
      ),
    );
    for (const pod of engine.platform.pods) if (pod.phase !== "finished") engine.platform.end(pod);
    await this.look();
    return { charged, owed: { remainingMicro: START_MICRO + this.toppedUp - sum(bills), deployments: bills } };
  }

  private shown(pod: ObservedPod): ObservedPod | null {
    const from = this.shownFrom.get(pod.podUid);
    const nowMs = this.engine.clock.now.getTime();
    if (!from) return pod;
    if (nowMs < from.startMs) return null;
    return nowMs < from.endMs ? { ...pod, phase: "running", finishedAt: null } : pod;
  }

  private async setPrice(profileId: string, fromMs: number, rateMicroPerHour: bigint): Promise<void> {
    const creditsPerHour = `${rateMicroPerHour / 1_000_000n}.${String(rateMicroPerHour % 1_000_000n).padStart(6, "0")}`;
    try {
      await changePrice(this.engine.ctx(), { profileId, creditsPerHour, inForceFrom: new Date(fromMs) });
    } catch (error) {
      // A later one is known already.
      if (error instanceof PodmeterError && error.code === "conflict") return;
      throw error;
    }
    this.prices.set(profileId, [...(this.prices.get(profileId) ?? []), { fromMs, rateMicroPerHour }]);
  }
}

const sum = (amounts: readonly bigint[]) => amounts.reduce((total, amount) => total + amount, 0n);
