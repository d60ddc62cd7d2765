-- What the table definitions cannot say: fill factors, the tick's covering index, checks, and history that nobody can rewrite.
ALTER TABLE "account" SET (fillfactor = 50);
--> statement-breakpoint
ALTER TABLE "segment" SET (fillfactor = 90);
--> statement-breakpoint
CREATE INDEX "segment_unsettled" ON "segment" ("shard", "account_id") INCLUDE ("rate_micro_per_hour", "started_at", "ended_at") WHERE NOT "settled";
--> statement-breakpoint
ALTER TABLE "segment" ADD CONSTRAINT "segment_ends_after_start" CHECK ("ended_at" >= "started_at"), ADD CONSTRAINT "segment_rate" CHECK ("rate_micro_per_hour" BETWEEN 0 AND 1000000000000);
--> statement-breakpoint
ALTER TABLE "price" ADD CONSTRAINT "price_range" CHECK ("credits_per_hour_micro" BETWEEN 0 AND 1000000000000);
--> statement-breakpoint
ALTER TABLE "plan" ADD CONSTRAINT "plan_limits" CHECK ("negative_limit_micro" >= 0 AND "deploy_floor_micro" >= 0);
--> statement-breakpoint
ALTER TABLE "account" ADD CONSTRAINT "account_runs" CHECK ("runs_remaining" >= 0), ADD CONSTRAINT "account_settled_hour" CHECK (extract(minute FROM "settled_through" AT TIME ZONE 'UTC') = 0 AND extract(second FROM "settled_through" AT TIME ZONE 'UTC') = 0);
--> statement-breakpoint
ALTER TABLE "credit_grant" ADD CONSTRAINT "credit_grant_positive" CHECK ("credits_micro" >= 0 AND "runs" >= 0 AND "credits_micro" + "runs" > 0 AND ("expires_at" IS NULL OR "expires_at" > "in_force_from"));
--> statement-breakpoint
ALTER TABLE "deployment" ADD CONSTRAINT "deployment_replicas" CHECK ("replicas" BETWEEN 1 AND 100);
--> statement-breakpoint
CREATE FUNCTION "refuse_rewriting_history"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'table % is append-only: write a correcting line instead', tg_table_name USING errcode = 'restrict_violation';
END $$;
--> statement-breakpoint
CREATE TRIGGER "append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "ledger" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_rewriting_history"();
--> statement-breakpoint
CREATE TRIGGER "append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "usage" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_rewriting_history"();
--> statement-breakpoint
CREATE TRIGGER "append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "usage_event" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_rewriting_history"();
--> statement-breakpoint
CREATE TRIGGER "append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "credit_grant" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_rewriting_history"();
--> statement-breakpoint
CREATE TRIGGER "append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "price" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_rewriting_history"();
--> statement-breakpoint
CREATE TRIGGER "append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "alert" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_rewriting_history"();
--> statement-breakpoint
CREATE TRIGGER "append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_log" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_rewriting_history"();
--> statement-breakpoint
CREATE TRIGGER "append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "stop_attempt" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_rewriting_history"();
--> statement-breakpoint
ALTER TABLE "account" ADD CONSTRAINT "account_anchor_day" CHECK ("anchor_day" BETWEEN 1 AND 31);
--> statement-breakpoint
ALTER TABLE "plan" ADD CONSTRAINT "plan_cycle" CHECK ("cycle_credits_micro" >= 0 AND "cycle_runs" >= 0);
