import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { rows } from "@/lib/db/rows";
import { Blockade } from "@/test/blockade";
import { faultsIn } from "@/test/books";
import { ALL_SHARDS, Engine, HOUR, MINUTE } from "@/test/engine";

/** More than there are shards. */
const ACCOUNTS = 24;
const ROUNDS = 11;

let disturbed: Engine;
let second: Engine;
let undisturbed: Engine;
beforeAll(async () => {
  disturbed = await Engine.start();
  second = disturbed.anotherWorker();
  undisturbed = await Engine.start();
});
afterAll(async () => {
  await second.dispose();
  await disturbed.dispose();
  await undisturbed.dispose();
});

describe("two workers at once", () => {
  test("ledgers, alerts, messages and stops are those of a single one (E8, C2, N5)", async () => {
    await live(undisturbed, (round) => round(undisturbed));
    await live(disturbed, (round) => Promise.all([round(disturbed), backwards(second), round(second)]));

    for (let accountId = 1; accountId <= ACCOUNTS; accountId++) {
      expect(await disturbed.ledger(accountId)).toEqual(await undisturbed.ledger(accountId));
      expect(await disturbed.usage(accountId)).toEqual(await undisturbed.usage(accountId));
    }
    expect(await told(disturbed)).toEqual(await told(undisturbed));
    expect((await told(undisturbed)).map(({ kind }) => kind)).toContain("stopped");
    expect(await faultsIn(disturbed.ctx())).toEqual([]);
  });

  test("never wait for each other in a circle: all lock accounts in the same order (E8)", async () => {
    const from = Date.parse("2026-05-01T00:00:00Z");
    const refs: { accountId: number; deploymentId: number }[] = [];
    disturbed.at(from);
    for (let index = 0; index < 9; index++) {
      const accountId = await disturbed.account({ creditsMicro: 1_300_000n });
      await disturbed.db.execute(sql`update account set shard = 0 where account_id = ${accountId}`);
      refs.push({ accountId, deploymentId: await disturbed.deploy(accountId) });
    }
    await disturbed.observe();
    const accountIds = refs.map(({ accountId }) => accountId);
    // A scan finds rows in the order in which they were last written: here the last account first.
    for (const accountId of accountIds.toReversed()) {
      await disturbed.db.execute(sql`update account set name = 'Written late' where account_id = ${accountId}`);
    }
    disturbed.at(from + 3 * HOUR + 2 * MINUTE);
    await second.observe();
    for (const ref of refs) disturbed.platform.end(disturbed.platform.start(ref));

    const blockade = await Blockade.of(disturbed.url);
    await blockade.hold(`select from account where account_id = ${accountIds[4]}`);
    const work = Promise.all([disturbed.tick([0]), second.observe(), second.settle([0])]);
    await Promise.race([blockade.untilWaiting(3), work]);
    await blockade.release();
    const [risen] = await work;
    await blockade.end();
    // Those that moved under the first look are found by the next one.
    expect([...risen, ...(await disturbed.tick([0]))]).toEqual(expect.arrayContaining(accountIds));
    expect(await faultsIn(disturbed.ctx())).toEqual([]);
  });
});

/** The same life of all accounts on any engine: pods come and go, some credits run out; each round is the given worker's work. */
async function live(
  engine: Engine,
  work: (round: (worker: Engine) => Promise<void>) => Promise<unknown>,
): Promise<void> {
  const deployments: { accountId: number; deploymentId: number }[] = [];
  engine.at("2026-03-01T00:07:00Z");
  for (let index = 0; index < ACCOUNTS; index++) {
    const accountId = await engine.account({ creditsMicro: index % 4 === 0 ? 2_000_000n : 75_000_000n });
    const replicas = index % 4 === 0 ? 8 : 1 + (index % 3);
    deployments.push({
      accountId,
      deploymentId: await engine.deploy(accountId, { name: `script ${index}`, replicas }),
    });
  }
  for (let round = 0; round < ROUNDS; round++) {
    engine.pass(((round * 17) % 41) * MINUTE + 61_007);
    for (const [index, ref] of deployments.entries()) {
      const [pod] = engine.platform.alive(ref);
      if (pod && (index + round) % 5 === 0) engine.platform.end(pod);
      if (pod && (index + round) % 5 === 1) engine.platform.start(ref);
    }
    await work((worker) => worker.round());
  }
}

/** A worker that comes to things in another order. */
async function backwards(worker: Engine): Promise<void> {
  await worker.observe();
  await worker.settle(ALL_SHARDS.toReversed());
  await worker.tick(ALL_SHARDS.toReversed());
  await worker.carryOutStops();
}

function told(engine: Engine) {
  return rows(
    engine.db,
    z.object({ account_id: z.coerce.number(), kind: z.string(), payload: z.unknown(), count: z.coerce.number() }),
    sql`select account_id, kind, payload - 'stopOrderId' as payload, count(*) from (
        select account_id, kind, payload from outbox
        union all select account_id, 'alert', jsonb_build_object('meter', meter, 'threshold', threshold, 'at', at) from alert
        union all select account_id, 'stop', jsonb_build_object('deployment', deployment_id, 'state', state, 'attempts', attempts, 'at', stopped_at) from stop_order
      ) t group by 1, 2, 3 order by 1, 2, 3`,
  );
}
