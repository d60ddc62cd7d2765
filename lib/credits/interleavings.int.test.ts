import { sql } from "drizzle-orm";
import fc from "fast-check";
import pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { changePlan } from "@/lib/credits/change-plan";
import { openAccount } from "@/lib/credits/open-account";
import { settleGrants } from "@/lib/credits/settle-grants";
import { topUp } from "@/lib/credits/top-up";
import { verifyLedger } from "@/lib/credits/verify-ledger";
import { json, run } from "@/lib/db/rows";
import { PodmeterError } from "@/lib/errors";
import { Engine, HOUR, MINUTE } from "@/test/engine";

/** Five short lives, so that the books stay small enough to be verified after each interleaving. */
const LIVES = [1, 2, 3, 4, 5];
const INTERLEAVINGS_PER_LIFE = 40;
const ACCOUNTS = 3;
/** 40 steps of some 4.5 hours: a week, with the end of a cycle in it. */
const STEP_MS = 4.5 * HOUR + 7 * MINUTE + 13;

let workers: Engine[];
let killer: pg.Client;
let kills: number;
let lost: number;
beforeEach(async () => {
  const first = await Engine.start({ connections: 3 });
  workers = [first, first.anotherWorker({ connections: 3 }), first.anotherWorker({ connections: 3 })];
  killer = new pg.Client({ connectionString: first.url });
  await killer.connect();
  kills = 0;
  lost = 0;
});
afterEach(async () => {
  await killer.end();
  for (const worker of workers.toReversed()) await worker.dispose();
});

/** Ends a backend that is at work, wherever in its function it is. */
async function kill(): Promise<void> {
  const { rowCount } = await killer.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid() and state = 'active' order by random() limit 1`,
  );
  kills += rowCount ?? 0;
}

const HANGS_AFTER_MS = 20_000;

/** A query that neither answers nor fails is a fault of its own: says what the sessions do. */
async function orHang(work: () => Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const hang = new Promise<never>((_, reject) => {
    timer = setTimeout(async () => {
      const { rows: sessions } = await killer.query(
        "select state, wait_event, left(query, 60) as query from pg_stat_activity where datname = current_database()",
      );
      reject(new Error(`${work} hangs; sessions: ${JSON.stringify(sessions)}`));
    }, HANGS_AFTER_MS);
  });
  try {
    await Promise.race([work(), hang]);
  } finally {
    clearTimeout(timer);
  }
}

/** As the queue does with a job: what failed runs again; what is not ours to expect fails the test. */
async function untilDone(work: () => Promise<unknown>): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt++) {
    try {
      await orHang(work);
      return;
    } catch (error) {
      const code = error instanceof Error && "code" in error ? String(error.code) : "";
      const isLost = ["57P01", "CONNECTION_CLOSED", "CONNECTION_ENDED", "CONNECTION_DESTROYED", "ECONNRESET"].includes(
        code,
      );
      if (!isLost && !(error instanceof PodmeterError && error.code === "conflict")) throw error;
      lost += isLost ? 1 : 0;
    }
  }
  throw new Error("did not come to an end in 20 attempts");
}

const ACTS = ["observe", "settle", "tick", "grants", "top-up", "event", "kill"] as const;
/** Who does what, all at once; the event loop and the locks make the order. */
const step = fc.array(
  fc.record({
    act: fc.constantFrom(...ACTS),
    worker: fc.nat(2),
    account: fc.integer({ min: 1, max: ACCOUNTS }),
    delayMs: fc.nat(6),
  }),
  { minLength: 6, maxLength: 10 },
);

test.each(LIVES)(
  "40 interleavings (%i of 5) of settlement, tick, top-up, cycles, expiry and observation, with connections ended at random, double nothing and lose nothing (E8, C6, A3, A9, N5)",
  async () => {
    const [first] = workers;
    if (!first) throw new Error("no worker");
    await changePlan(first.at("2026-03-21T00:00:00Z").ctx(), {
      planId: "team",
      name: "Team",
      negativeLimit: "1000000",
      deployFloor: "0",
      cycleCredits: "20",
      cycleRuns: "5",
    });
    for (let index = 0; index < ACCOUNTS; index++) {
      const { accountId } = await openAccount(first.ctx(), {
        name: `Account ${index}`,
        creditsMicro: 2_000_000n,
        planId: "team",
        timeZone: "Europe/Berlin",
        anchorDay: 25,
      });
      await run(first.db, sql`update account set shard = 0 where account_id = ${accountId}`);
      await first.deploy(accountId, { replicas: 1 + index });
    }
    const refs = new Set<string>();
    const keys = new Set<string>();
    const steps = fc.sample(step, INTERLEAVINGS_PER_LIFE);
    for (const [number, acts] of steps.entries()) {
      first.pass(STEP_MS);
      await untilDone(() => first.observe());
      const done = async ({ act, worker: index, account, delayMs }: (typeof acts)[number]) => {
        await new Promise((resolve) => setTimeout(resolve, delayMs));
        const worker = workers[index] ?? first;
        const name = `${act}-${number}-${account}`;
        if (act === "observe") return untilDone(() => worker.observe());
        if (act === "settle") return untilDone(() => worker.settle([0]));
        if (act === "tick") return untilDone(() => worker.tick([0]));
        if (act === "grants") return untilDone(() => settleGrants(worker.of(account)));
        if (act === "kill") return kill();
        if (act === "event") {
          keys.add(`${account}/${name}`);
          const event = {
            accountId: account,
            key: name,
            kind: "model",
            component: "inference",
            resourceId: 1,
            runs: "0",
            creditsMicro: "70000",
            // Some of before the end of a grant that may be written already.
            occurredAt: new Date(worker.clock.now.getTime() - (number % 3) * 5 * HOUR).toISOString(),
          };
          return untilDone(() =>
            run(
              worker.db,
              sql`select * from record_events(${json([event])}, false, ${worker.clock.now.toISOString()}::timestamptz)`,
            ),
          );
        }
        refs.add(`${account}/${name}`);
        const expiresAt = number % 2 === 0 ? new Date(worker.clock.now.getTime() + 9 * HOUR) : null;
        return untilDone(() =>
          topUp(worker.of(account), { credits: "1.5", reason: "an interleaving", ref: name, expiresAt }),
        );
      };
      await Promise.all(acts.map(done));
      await untilDone(() => first.settleGrants());
      const found: Awaited<ReturnType<typeof verifyLedger>> = [];
      await untilDone(async () => {
        found.splice(0, found.length, ...(await verifyLedger(first.ctx())));
      });
      expect(
        found.filter((result) => result.differences.length > 0),
        `step ${number}: ${JSON.stringify(acts)}`,
      ).toEqual([]);
      expect(found.at(-1)?.checked).toBe(ACCOUNTS);
    }
    const lines = (kind: string, pattern: string) =>
      first.count(sql`select count(*) from ledger where kind = ${kind} and ref like ${pattern}`);
    expect(await lines("grant", "top-up-%")).toBe(refs.size);
    expect(await first.count(sql`select count(*) from usage_event`)).toBe(keys.size);
    // The cycle in which the account was opened, and the one that began meanwhile.
    expect(await lines("grant", "cycle-%")).toBe(2 * ACCOUNTS);
    expect(
      await first.count(
        sql`select count(*) from (select 1 from alert group by account_id, meter, arm_generation, threshold having count(*) > 1) t`,
      ),
    ).toBe(0);
    expect(kills).toBeGreaterThan(5);
    expect(lost).toBeGreaterThan(0);
  },
  120_000,
);
