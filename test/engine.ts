import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Role } from "@/lib/billing/kinds";
import type { AccountContext, Context } from "@/lib/context";
import { openAccount, SHARD_COUNT } from "@/lib/credits/open-account";
import { settleDue } from "@/lib/credits/settle-due";
import { accountsWithDueGrants, settleGrants } from "@/lib/credits/settle-grants";
import { type Database, type OpenDatabase, openDatabase } from "@/lib/db/client";
import { firstRow, id, micro, rows, run } from "@/lib/db/rows";
import { applyDeployment } from "@/lib/deployments/apply-deployment";
import { createDeployment } from "@/lib/deployments/create-deployment";
import { type ObservationMemory, observePlatform } from "@/lib/deployments/observe-platform";
import { carryOutStop } from "@/lib/enforcement/carry-out-stop";
import { dueStops } from "@/lib/enforcement/due";
import { shardsToTick, tickShard } from "@/lib/enforcement/tick-accounts";
import { createTestDatabase } from "./database";
import { FakePlatform } from "./fake-platform";

export const SUPPORT = "help@example.test";

export const ALL_SHARDS = Array.from({ length: SHARD_COUNT }, (_, shard) => shard);

/** The engine on a database of its own, a fake platform and a clock that the test sets (C9). Each call is one worker's work. */
export class Engine {
  readonly memory: ObservationMemory = { finished: new Set() };
  private readonly connection: OpenDatabase;

  private constructor(
    readonly url: string,
    readonly clock: { now: Date },
    readonly platform: FakePlatform,
    private readonly drop: () => Promise<void>,
    connections: number,
  ) {
    this.connection = openDatabase(url, { max: connections });
  }

  static async start(options: { connections?: number } = {}): Promise<Engine> {
    const database = await createTestDatabase();
    const clock = { now: new Date("2026-03-01T00:00:00.000Z") };
    return new Engine(database.url, clock, new FakePlatform(clock), () => database.drop(), options.connections ?? 8);
  }

  get db(): Database {
    return this.connection.db;
  }

  /** Another worker of the same installation: same database, platform and clock, connections and memory of its own. */
  anotherWorker(options: { connections?: number } = {}): Engine {
    return new Engine(this.url, this.clock, this.platform, async () => {}, options.connections ?? 8);
  }

  async dispose(): Promise<void> {
    await this.connection.close();
    await this.drop();
  }

  ctx(): Context {
    return { db: this.db, now: this.clock.now, actor: "podmeter" };
  }

  of(accountId: number, actor = "owner@example.test"): AccountContext {
    return { ...this.ctx(), accountId, actor };
  }

  at(instant: string | number): this {
    this.clock.now = new Date(instant);
    return this;
  }

  pass(ms: number): this {
    return this.at(this.clock.now.getTime() + ms);
  }

  async account(
    grant: { creditsMicro?: bigint; runs?: bigint; planId?: string; timeZone?: string } = {},
  ): Promise<number> {
    const { accountId } = await openAccount(this.ctx(), {
      name: "Test account",
      timeZone: "UTC",
      planId: "free",
      ...grant,
    });
    return accountId;
  }

  /** A person who belongs to the account. */
  async member(accountId: number, email: string, role: Role): Promise<void> {
    await run(
      this.db,
      sql`with person as (insert into app_user (id, email) values (${email}, ${email}) returning id)
        insert into membership (account_id, user_id, role) select ${accountId}, id, ${role} from person`,
    );
  }

  /** Deploys through the gate and starts its pods at once; the next observation puts them on record. */
  async deploy(
    accountId: number,
    options: { name?: string; profileId?: string; replicas?: number } = {},
  ): Promise<number> {
    const { name = `script ${Math.random().toString(36).slice(2)}`, profileId = "script-4x8", replicas = 1 } = options;
    const programId = profileId.startsWith("model") ? "echo-model" : "hello-http";
    const { deploymentId } = await createDeployment(
      this.of(accountId),
      { name, programId, profileId, replicas },
      { programs: this.platform.programs(), supportEmail: SUPPORT },
    );
    await applyDeployment(this.of(accountId), this.platform, { deploymentId });
    return deploymentId;
  }

  observe(memory = this.memory) {
    return observePlatform(this.ctx(), this.platform, memory);
  }

  async tick(shards?: number[]): Promise<number[]> {
    const risen: number[] = [];
    for (const shard of shards ?? (await shardsToTick(this.ctx())))
      risen.push(...(await tickShard(this.ctx(), shard)).risenAccountIds);
    return risen;
  }

  async settle(shards = ALL_SHARDS): Promise<number> {
    let hours = 0;
    for (const shard of shards) hours += await settleDue(this.ctx(), shard);
    return hours;
  }

  async settleGrants(): Promise<void> {
    for (const accountId of await accountsWithDueGrants(this.ctx())) await settleGrants({ ...this.ctx(), accountId });
  }

  async carryOutStops(): Promise<void> {
    for (const { accountId, stopOrderId } of await dueStops(this.ctx()))
      await carryOutStop(this.of(accountId), this.platform, { stopOrderId });
  }

  /** What a worker does in one round, in its order. */
  async round(shards?: number[]): Promise<void> {
    await this.observe();
    await this.settleGrants();
    await this.tick(shards);
    await this.settle(shards);
    await this.carryOutStops();
    await this.observe();
  }

  /** The ledger without its row numbers and times of writing: what must be the same however it came about. */
  ledger(accountId: number) {
    return rows(
      this.db,
      z.object({
        kind: z.string(),
        credits_micro: micro,
        runs: micro,
        balance_after_micro: micro,
        period_from: z.string().nullable(),
        period_to: z.string().nullable(),
      }),
      sql`select kind, credits_micro, runs, balance_after_micro, period_from, period_to from ledger where account_id = ${accountId} order by seq`,
    );
  }

  usage(accountId: number) {
    return rows(
      this.db,
      z.object({ hour: z.string(), deployment_id: id, running_ms: id, credits_micro: micro }),
      sql`select hour, deployment_id, sum(running_ms)::bigint as running_ms, sum(credits_micro)::bigint as credits_micro
        from usage where account_id = ${accountId} group by hour, deployment_id order by hour, deployment_id`,
    );
  }

  async count(statement: ReturnType<typeof sql>): Promise<number> {
    return (await firstRow(this.db, z.object({ count: id }), statement))?.count ?? 0;
  }
}

export const MINUTE = 60_000;
export const HOUR = 3_600_000;
