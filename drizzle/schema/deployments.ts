import { sql } from "drizzle-orm";
import { boolean, index, integer, pgTable, primaryKey, smallint, text, uniqueIndex } from "drizzle-orm/pg-core";
import { DEPLOYMENT_STATUSES, RESOURCE_KINDS } from "@/lib/billing/kinds";
import { amount, identity, instant } from "./columns";

export const hardwareProfile = pgTable("hardware_profile", {
  profileId: text("profile_id").primaryKey(),
  kind: text("kind", { enum: RESOURCE_KINDS }).notNull(),
  vcpus: integer("vcpus").notNull(),
  memoryGb: integer("memory_gb").notNull(),
  gpuType: text("gpu_type"),
  gpuCount: integer("gpu_count").notNull(),
});

/** C3: in force from an instant until the next one's. Never edited. */
export const price = pgTable(
  "price",
  {
    profileId: text("profile_id")
      .notNull()
      .references(() => hardwareProfile.profileId),
    inForceFrom: instant("in_force_from").notNull(),
    creditsPerHourMicro: amount("credits_per_hour_micro").notNull(),
    actor: text("actor").notNull(),
  },
  (table) => [primaryKey({ columns: [table.profileId, table.inForceFrom] })],
);

/** What an account builds and deploys. */
export const resource = pgTable(
  "resource",
  {
    accountId: identity("account_id").notNull(),
    resourceId: identity("resource_id").notNull().generatedAlwaysAsIdentity(),
    kind: text("kind", { enum: RESOURCE_KINDS }).notNull(),
    name: text("name").notNull(),
    /** The platform's program that it runs; null for a workflow. */
    programId: text("program_id"),
    language: text("language"),
    ownerName: text("owner_name").notNull(),
    createdAt: instant("created_at").notNull(),
    deletedAt: instant("deleted_at"),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.resourceId] }),
    uniqueIndex("resource_name").on(table.accountId, table.kind, table.name).where(sql`deleted_at is null`),
  ],
);

export const deployment = pgTable(
  "deployment",
  {
    accountId: identity("account_id").notNull(),
    deploymentId: identity("deployment_id").notNull().generatedAlwaysAsIdentity(),
    resourceId: identity("resource_id").notNull(),
    kind: text("kind", { enum: RESOURCE_KINDS }).notNull(),
    /** As it was called when it was deployed; stays when the resource is renamed. */
    name: text("name").notNull(),
    programId: text("program_id").notNull(),
    profileId: text("profile_id").notNull(),
    replicas: integer("replicas").notNull(),
    graceSeconds: integer("grace_seconds").notNull(),
    /** E7: stopped last. */
    important: boolean("important").notNull().default(false),
    /** What is wanted of the platform; `status` says how far it is. */
    wanted: text("wanted", { enum: ["running", "stopped"] }).notNull(),
    status: text("status", { enum: DEPLOYMENT_STATUSES }).notNull(),
    /** Why it ended or failed, in words for its owner. */
    statusReason: text("status_reason"),
    endpoint: text("endpoint"),
    createdBy: text("created_by").notNull(),
    createdAt: instant("created_at").notNull(),
    deployedAt: instant("deployed_at"),
    endedAt: instant("ended_at"),
    /** What the worker has told the platform; null: nothing yet. A sweep finds what is wanted and was not told. */
    appliedAt: instant("applied_at"),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.deploymentId] }),
    index("deployment_wanted")
      .on(table.accountId, table.deploymentId)
      .where(sql`wanted = 'running' or status = 'stopping'`),
  ],
);

/**
 * Running time of one pod at one price, half-open. While the pod runs, its last segment has no end; earlier ones end
 * where a price ended. Opened, closed and marked settled, nothing else.
 */
export const segment = pgTable(
  "segment",
  {
    accountId: identity("account_id").notNull(),
    deploymentId: identity("deployment_id").notNull(),
    podUid: text("pod_uid").notNull(),
    startedAt: instant("started_at").notNull(),
    /** Where the pod's own run began: the same for all segments of the run. */
    podStartedAt: instant("pod_started_at").notNull(),
    endedAt: instant("ended_at"),
    shard: smallint("shard").notNull(),
    kind: text("kind", { enum: RESOURCE_KINDS }).notNull(),
    resourceId: identity("resource_id").notNull(),
    profileId: text("profile_id").notNull(),
    rateMicroPerHour: amount("rate_micro_per_hour").notNull(),
    /** When it was put on record. */
    recordedAt: instant("recorded_at").notNull(),
    /** All of it is in the ledger. */
    settled: boolean("settled").notNull().default(false),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.deploymentId, table.podUid, table.startedAt] }),
    uniqueIndex("segment_one_live").on(table.accountId, table.podUid).where(sql`ended_at is null`),
    index("segment_time").on(table.accountId, table.startedAt),
  ],
);

/** One row per platform: the last complete observation, and since when it cannot be reached. */
export const platformState = pgTable("platform_state", {
  platform: text("platform").primaryKey(),
  observedAt: instant("observed_at"),
  failingSince: instant("failing_since"),
  lastError: text("last_error"),
});
