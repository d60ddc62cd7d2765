import { sql } from "drizzle-orm";
import { bigint, index, jsonb, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { GRANT_KINDS, RESOURCE_KINDS, USAGE_COMPONENTS } from "@/lib/billing/kinds";
import { LEDGER_KINDS } from "@/lib/billing/ledger";
import { amount, identity, instant } from "./columns";

/** Append-only (C6, C8): the balance is the sum, each line says what it left. */
export const ledger = pgTable(
  "ledger",
  {
    accountId: identity("account_id").notNull(),
    seq: identity("seq").notNull(),
    kind: text("kind", { enum: LEDGER_KINDS }).notNull(),
    creditsMicro: amount("credits_micro").notNull(),
    runs: amount("runs").notNull(),
    balanceAfterMicro: amount("balance_after_micro").notNull(),
    runsAfter: amount("runs_after").notNull(),
    periodFrom: instant("period_from"),
    periodTo: instant("period_to"),
    /** When it was written. */
    at: instant("at").notNull(),
    /** When it took effect; earlier than `at` for what the worker found late. */
    effectiveAt: instant("effective_at").notNull(),
    /** Makes a credit idempotent. */
    ref: text("ref"),
    correctsSeq: identity("corrects_seq"),
    /** The grant that it brings, ends, or that pays a debt. */
    grantId: identity("grant_id"),
    /** What of a cycle's grant paid the debt of before (A7); the line itself moves nothing. */
    debtPaidMicro: amount("debt_paid_micro"),
    actor: text("actor"),
    reason: text("reason"),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.seq] }),
    uniqueIndex("ledger_ref").on(table.accountId, table.ref).where(sql`ref is not null`),
  ],
);

/** Grants (A1, A3, C7). `ledger_seq` is the line that brought it in. */
export const creditGrant = pgTable(
  "credit_grant",
  {
    accountId: identity("account_id").notNull(),
    grantId: identity("grant_id").notNull().generatedAlwaysAsIdentity(),
    kind: text("kind", { enum: GRANT_KINDS }).notNull(),
    creditsMicro: amount("credits_micro").notNull(),
    runs: amount("runs").notNull(),
    inForceFrom: instant("in_force_from").notNull(),
    expiresAt: instant("expires_at"),
    reason: text("reason").notNull(),
    actor: text("actor").notNull(),
    ledgerSeq: identity("ledger_seq").notNull(),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.grantId] })],
);

/** Usage by UTC hour. Append-only: each row belongs to the ledger line that charged it, so a line explains itself. */
export const usage = pgTable(
  "usage",
  {
    accountId: identity("account_id").notNull(),
    hour: instant("hour").notNull(),
    /** The deployment that ran, or for runs the workflow's resource. */
    resourceId: identity("resource_id").notNull(),
    deploymentId: identity("deployment_id").notNull(),
    kind: text("kind", { enum: RESOURCE_KINDS }).notNull(),
    component: text("component", { enum: USAGE_COMPONENTS }).notNull(),
    ledgerSeq: identity("ledger_seq").notNull(),
    runningMs: bigint("running_ms", { mode: "number" }).notNull(),
    quantity: bigint("quantity", { mode: "number" }).notNull(),
    creditsMicro: amount("credits_micro").notNull(),
  },
  (table) => [
    primaryKey({
      name: "usage_pk",
      columns: [table.accountId, table.hour, table.resourceId, table.deploymentId, table.component, table.ledgerSeq],
    }),
    index("usage_line").on(table.accountId, table.ledgerSeq),
  ],
);

/** Counted things, once each by key (I1). Append-only. */
export const usageEvent = pgTable(
  "usage_event",
  {
    accountId: identity("account_id").notNull(),
    key: text("key").notNull(),
    kind: text("kind", { enum: RESOURCE_KINDS }).notNull(),
    component: text("component", { enum: USAGE_COMPONENTS }).notNull(),
    resourceId: identity("resource_id").notNull(),
    /** Runs that it took; fewer than it reports when there were not enough left. */
    runs: amount("runs").notNull(),
    quantity: bigint("quantity", { mode: "number" }).notNull(),
    creditsMicro: amount("credits_micro").notNull(),
    /** The formula and its inputs, for charges that have one (P2). */
    detail: jsonb("detail"),
    occurredAt: instant("occurred_at").notNull(),
    recordedAt: instant("recorded_at").notNull(),
    ledgerSeq: identity("ledger_seq").notNull(),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.key] })],
);
