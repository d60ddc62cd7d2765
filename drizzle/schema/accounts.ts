import { sql } from "drizzle-orm";
import { index, jsonb, pgTable, primaryKey, smallint, text } from "drizzle-orm/pg-core";
import { amount, identity, instant } from "./columns";

/** Limits by plan (A10); an operator's change is in force at once, for all accounts of the plan. */
export const plan = pgTable("plan", {
  planId: text("plan_id").primaryKey(),
  name: text("name").notNull(),
  /** Positive; credits may go this far below zero. */
  negativeLimitMicro: amount("negative_limit_micro").notNull(),
  deployFloorMicro: amount("deploy_floor_micro").notNull(),
  /** What each billing cycle brings, and takes along when it ends (A9). */
  cycleCreditsMicro: amount("cycle_credits_micro").notNull().default(sql`0`),
  cycleRuns: amount("cycle_runs").notNull().default(sql`0`),
});

/** The tenant, and its balance as of `settled_through`. Locked by whatever moves money. */
export const account = pgTable(
  "account",
  {
    accountId: identity("account_id").primaryKey().generatedByDefaultAsIdentity(),
    /** `acc_…`: what people and programs see. */
    publicId: text("public_id").notNull().unique(),
    name: text("name").notNull(),
    timeZone: text("time_zone").notNull().default("UTC"),
    planId: text("plan_id")
      .notNull()
      .references(() => plan.planId),
    shard: smallint("shard").notNull(),
    /** = the sum of the ledger's credits. */
    balanceMicro: amount("balance_micro").notNull().default(sql`0`),
    /** The allocation: the sum of the grants in force. */
    grantedMicro: amount("granted_micro").notNull().default(sql`0`),
    runsRemaining: amount("runs_remaining").notNull().default(sql`0`),
    runsGranted: amount("runs_granted").notNull().default(sql`0`),
    /** Running time is in the ledger up to here: a full hour, UTC. */
    settledThrough: instant("settled_through").notNull(),
    creditsLevel: smallint("credits_level").notNull().default(0),
    runsLevel: smallint("runs_level").notNull().default(0),
    /** Raised by a credit that goes back under a threshold, so that it may be announced again. */
    armGeneration: identity("arm_generation").notNull().default(0),
    /** E4: no new deployments since then. */
    closedAt: instant("closed_at"),
    ledgerSeq: identity("ledger_seq").notNull().default(0),
    /** Counts every change that a decision may rest on; a decision made on an older version is not carried out. */
    version: identity("version").notNull().default(0),
    createdAt: instant("created_at").notNull(),
    /** A9: the day of the month on which cycles begin, in the account's time zone; in shorter months their last day. */
    anchorDay: smallint("anchor_day").notNull(),
    cycleStartedAt: instant("cycle_started_at").notNull(),
    nextCycleAt: instant("next_cycle_at").notNull(),
    /** The next instant at which a grant expires or a cycle begins; in the past while that waits to be written. */
    grantsDueAt: instant("grants_due_at").notNull(),
  },
  (table) => [
    index("account_grants_due").on(table.grantsDueAt),
    index("account_shard").on(table.shard, table.accountId),
  ],
);

/** Every act of an operator, and every act of a member that moves money or pods. Append-only. */
export const auditLog = pgTable(
  "audit_log",
  {
    accountId: identity("account_id").notNull(),
    auditId: identity("audit_id").notNull().generatedAlwaysAsIdentity(),
    at: instant("at").notNull(),
    actor: text("actor").notNull(),
    act: text("act").notNull(),
    detail: jsonb("detail").notNull(),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.auditId] })],
);
