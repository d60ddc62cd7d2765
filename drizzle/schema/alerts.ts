import { sql } from "drizzle-orm";
import { index, integer, jsonb, pgTable, primaryKey, smallint, text, uniqueIndex } from "drizzle-orm/pg-core";
import { STOP_REASONS, STOP_STATES } from "@/lib/billing/enforcement";
import { METERS } from "@/lib/billing/kinds";
import { amount, identity, instant } from "./columns";

/** A threshold crossed, once per meter, threshold and arming (N5). */
export const alert = pgTable(
  "alert",
  {
    accountId: identity("account_id").notNull(),
    meter: text("meter", { enum: METERS }).notNull(),
    armGeneration: identity("arm_generation").notNull(),
    threshold: smallint("threshold").notNull(),
    at: instant("at").notNull(),
    remaining: amount("remaining").notNull(),
    granted: amount("granted").notNull(),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.meter, table.armGeneration, table.threshold] })],
);

export const OUTBOX_KINDS = [
  "threshold",
  "used_up",
  "limit_reached",
  "stopped",
  "deployed",
  "undeployed",
  "deploy_failed",
] as const;
export type OutboxKind = (typeof OUTBOX_KINDS)[number];

/** What must be told, written in the transaction that caused it (N6). */
export const outbox = pgTable(
  "outbox",
  {
    accountId: identity("account_id").notNull(),
    outboxId: identity("outbox_id").notNull().generatedAlwaysAsIdentity(),
    kind: text("kind", { enum: OUTBOX_KINDS }).notNull(),
    payload: jsonb("payload").notNull(),
    at: instant("at").notNull(),
    dispatchedAt: instant("dispatched_at"),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.outboxId] }),
    index("outbox_waiting").on(table.at).where(sql`dispatched_at is null`),
  ],
);

export const DELIVERY_STATES = ["waiting", "sent", "failed"] as const;

/** One mail to one person. "sent" only after the server accepted it. */
export const delivery = pgTable(
  "delivery",
  {
    accountId: identity("account_id").notNull(),
    deliveryId: identity("delivery_id").notNull().generatedAlwaysAsIdentity(),
    outboxId: identity("outbox_id").notNull(),
    channel: text("channel", { enum: ["email"] }).notNull(),
    recipient: text("recipient").notNull(),
    state: text("state", { enum: DELIVERY_STATES }).notNull(),
    attempts: integer("attempts").notNull().default(0),
    nextAttemptAt: instant("next_attempt_at").notNull(),
    /** A worker is at it until then; after that another may try. */
    claimedUntil: instant("claimed_until"),
    sentAt: instant("sent_at"),
    lastError: text("last_error"),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.deliveryId] }),
    uniqueIndex("delivery_once").on(table.accountId, table.outboxId, table.channel, table.recipient),
    index("delivery_waiting").on(table.nextAttemptAt).where(sql`state = 'waiting'`),
  ],
);

/** The decision to stop a deployment (E3). One at a time per deployment. */
export const stopOrder = pgTable(
  "stop_order",
  {
    accountId: identity("account_id").notNull(),
    stopOrderId: identity("stop_order_id").notNull().generatedAlwaysAsIdentity(),
    deploymentId: identity("deployment_id").notNull(),
    reason: text("reason", { enum: STOP_REASONS }).notNull(),
    actor: text("actor").notNull(),
    state: text("state", { enum: STOP_STATES }).notNull(),
    /** When the balance truly crossed the limit; the overshoot is measured from here. Null for other reasons. */
    crossedAt: instant("crossed_at"),
    requestedAt: instant("requested_at").notNull(),
    stoppingAt: instant("stopping_at"),
    stoppedAt: instant("stopped_at"),
    cancelledAt: instant("cancelled_at"),
    attempts: integer("attempts").notNull().default(0),
    nextAttemptAt: instant("next_attempt_at").notNull(),
    lastError: text("last_error"),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.stopOrderId] }),
    uniqueIndex("stop_order_one")
      .on(table.accountId, table.deploymentId)
      .where(sql`state in ('requested','stopping','failed')`),
    index("stop_order_due").on(table.nextAttemptAt).where(sql`state in ('requested','stopping','failed')`),
  ],
);

/** Each time that the platform was asked, and what came of it. Append-only. */
export const stopAttempt = pgTable(
  "stop_attempt",
  {
    accountId: identity("account_id").notNull(),
    stopOrderId: identity("stop_order_id").notNull(),
    attempt: integer("attempt").notNull(),
    at: instant("at").notNull(),
    outcome: text("outcome").notNull(),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.stopOrderId, table.attempt] })],
);
