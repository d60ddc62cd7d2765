import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { readBalance } from "@/lib/credits/read-balance";
import { topUp } from "@/lib/credits/top-up";
import { firstRow, id } from "@/lib/db/rows";
import { carryOutStop } from "@/lib/enforcement/carry-out-stop";
import { dueStopsOf } from "@/lib/enforcement/due";
import { tickAccount } from "@/lib/enforcement/tick-accounts";
import { Blockade } from "@/test/blockade";
import { faultsIn } from "@/test/books";
import { Engine, HOUR } from "@/test/engine";

const BATCH = 10;
const BATCHES = 7;

let engine: Engine;
let operators: Engine;
let blockade: Blockade;
let refs: { accountId: number; deploymentId: number }[];

beforeAll(async () => {
  engine = await Engine.start({ connections: BATCH });
  operators = engine.anotherWorker({ connections: BATCH });
  blockade = await Blockade.of(engine.url);
});
afterAll(async () => {
  await blockade.end();
  await operators.dispose();
  await engine.dispose();
});

/** What two hours of a model on one A100 cost: more than the 6.9 credits that they begin with and the 5 that the plan lets them owe. */
const BURNT_MICRO = 12_000_000n;

/** Accounts that have just come to their negative limit, and of which no tick knows yet. */
async function accountsAtTheLimit(): Promise<void> {
  engine.platform.pods.length = 0;
  refs = await Promise.all(
    Array.from({ length: BATCH }, async () => {
      const accountId = await engine.account({ creditsMicro: 6_900_000n });
      return { accountId, deploymentId: await engine.deploy(accountId, { profileId: "model-a100x1" }) };
    }),
  );
  await engine.observe();
  await engine.pass(2 * HOUR).observe();
}

const addCredits = ({ accountId }: { accountId: number }) =>
  topUp(operators.of(accountId, "ops@example.test"), {
    credits: "50",
    reason: "a good customer",
    ref: `top-up-${accountId}`,
  });

const standing = (ref: { accountId: number; deploymentId: number }) =>
  firstRow(
    engine.db,
    z.object({
      closed: z.boolean(),
      wanted: z.string(),
      status: z.string(),
      orders: id,
      states: z.string().nullable(),
      attempts: id,
    }),
    sql`select a.closed_at is not null as closed, d.wanted, d.status, count(o.*) as orders, min(o.state) as states, coalesce(sum(o.attempts), 0) as attempts
      from account a join deployment d on d.account_id = a.account_id
      left join stop_order o on o.account_id = a.account_id and o.deployment_id = d.deployment_id
      where a.account_id = ${ref.accountId} and d.deployment_id = ${ref.deploymentId} group by 1, 2, 3`,
  );

describe("a top-up and the tick at the limit", () => {
  let batch = 0;
  beforeEach(() => {
    engine.at(Date.parse("2026-04-01T00:00:00Z") + batch++ * 24 * HOUR);
  });

  test("a top-up that is first in line wins against a tick that has already read the old balance (E6, E8)", async () => {
    for (let round = 0; round < BATCHES; round++) {
      await accountsAtTheLimit();
      await blockade.hold(`select from account where account_id in (${refs.map((ref) => ref.accountId)})`);
      const topUps = Promise.all(refs.map(addCredits));
      await blockade.untilWaiting(BATCH);
      // Each of these has read a balance below the limit before it stands in line.
      const ticks = Promise.all(refs.map((ref) => tickAccount(engine.of(ref.accountId))));
      await blockade.untilWaiting(2 * BATCH);
      await blockade.release();
      expect((await topUps).map((result) => result.stopsCancelled)).toEqual(refs.map(() => 0));
      expect((await ticks).flatMap((result) => result.stoppedAccountIds)).toEqual([]);
      for (const ref of refs) {
        expect(await standing(ref)).toMatchObject({ closed: false, wanted: "running", orders: 0 });
      }
      await engine.tick();
      await engine.carryOutStops();
      expect(refs.flatMap((ref) => engine.platform.stopsOf(ref))).toEqual([]);
    }
  });

  test("a top-up that is second in line takes back the stop that the tick has just ordered, in its own transaction (E6)", async () => {
    for (let round = 0; round < BATCHES; round++) {
      await accountsAtTheLimit();
      await blockade.hold(`select from account where account_id in (${refs.map((ref) => ref.accountId)})`);
      const ticks = Promise.all(refs.map((ref) => tickAccount(engine.of(ref.accountId))));
      await blockade.untilWaiting(BATCH);
      const topUps = Promise.all(refs.map(addCredits));
      await blockade.untilWaiting(2 * BATCH);
      await blockade.release();
      expect((await ticks).flatMap((result) => result.stoppedAccountIds)).toEqual(refs.map((ref) => ref.accountId));
      expect((await topUps).map((result) => result.stopsCancelled)).toEqual(refs.map(() => 1));
      for (const ref of refs) {
        expect(await standing(ref)).toMatchObject({
          closed: false,
          wanted: "running",
          status: "deployed",
          states: "cancelled",
          attempts: 0,
        });
      }
      await engine.carryOutStops();
      expect(refs.flatMap((ref) => engine.platform.stopsOf(ref))).toEqual([]);
    }
  });

  test("in any order, no stop is begun after money came, none stays requested, and no credit is lost (E6, E8)", async () => {
    for (let round = 0; round < BATCHES; round++) {
      await accountsAtTheLimit();
      await Promise.all(
        refs.map(async (ref, index) => {
          let paid = false;
          const begunAfterwards: boolean[] = [];
          const customer = async () => {
            await sleep((index * 7 + round * 3) % 20);
            await addCredits(ref);
            paid = true;
          };
          const worker = async () => {
            await tickAccount(engine.of(ref.accountId));
            for (const stop of await dueStopsOf(engine.of(ref.accountId))) {
              const late = paid;
              const { asked } = await carryOutStop(engine.of(ref.accountId), engine.platform, stop);
              begunAfterwards.push(late && asked);
            }
          };
          await Promise.all([customer(), worker()]);
          const after = await standing(ref);
          expect(begunAfterwards).not.toContain(true);
          expect(after?.closed).toBe(false);
          // What was begun is carried through; what was not is as if it had never been.
          const begun = after?.states === "stopping";
          expect(engine.platform.stopsOf(ref)).toHaveLength(begun ? 1 : 0);
          expect(after?.wanted).toBe(begun ? "stopped" : "running");
          const { remainingMicro } = await readBalance(engine.of(ref.accountId));
          expect(remainingMicro).toBe(56_900_000n - BURNT_MICRO);
        }),
      );
    }
    expect(await faultsIn(engine.ctx())).toEqual([]);
  });

  test("the same form sent many times at once adds its credits once, to the balance and to the allocation (A3)", async () => {
    const accountId = await engine.account();
    const sent = await Promise.all(Array.from({ length: 8 }, () => addCredits({ accountId })));
    expect(sent.filter((result) => result.added)).toHaveLength(1);
    expect(await readBalance(engine.of(accountId))).toMatchObject({
      remainingMicro: 125_000_000n,
      grantedMicro: 125_000_000n,
    });
    expect(await faultsIn(engine.ctx())).toEqual([]);
  });
});
