CREATE SCHEMA "rollcall";
--> statement-breakpoint
CREATE SCHEMA IF NOT EXISTS "rollcall_data";
--> statement-breakpoint
CREATE SCHEMA "rollcall_staging";
--> statement-breakpoint
CREATE UNLOGGED TABLE "rollcall_staging"."checkpoints" (
	"run_id" uuid PRIMARY KEY NOT NULL,
	"attempt" integer NOT NULL,
	"state" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rollcall_data"."cursors" (
	"tenant_id" uuid NOT NULL,
	"task" text NOT NULL,
	"resource" text NOT NULL,
	"scope" jsonb NOT NULL,
	"position" text,
	"run_id" uuid NOT NULL,
	"moved_at" timestamp with time zone NOT NULL,
	CONSTRAINT "cursors_tenant_id_task_resource_pk" PRIMARY KEY("tenant_id","task","resource")
);
--> statement-breakpoint
CREATE TABLE "rollcall_data"."held_removals" (
	"run_id" uuid NOT NULL,
	"tenant_id" uuid NOT NULL,
	"task" text NOT NULL,
	"table_name" text NOT NULL,
	"row_key" jsonb NOT NULL,
	"reason" text NOT NULL,
	CONSTRAINT "held_removals_run_id_table_name_row_key_pk" PRIMARY KEY("run_id","table_name","row_key")
);
--> statement-breakpoint
CREATE TABLE "rollcall_data"."installation" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rollcall_data"."quarantine" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "rollcall_data"."quarantine_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"tenant_id" uuid NOT NULL,
	"task" text NOT NULL,
	"resource" text NOT NULL,
	"run_id" uuid NOT NULL,
	"item_id" text,
	"reason" text NOT NULL,
	"item" jsonb NOT NULL,
	"quarantined_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rollcall_data"."changes" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "rollcall_data"."changes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"tenant_id" uuid NOT NULL,
	"task" text NOT NULL,
	"run_id" uuid NOT NULL,
	"table_name" text NOT NULL,
	"row_key" jsonb NOT NULL,
	"kind" text NOT NULL,
	"reason" text,
	"before" jsonb,
	"after" jsonb,
	"changed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "changes_kind" CHECK ("rollcall_data"."changes"."kind" in ('added', 'changed', 'removed'))
);
--> statement-breakpoint
CREATE TABLE "rollcall_data"."runs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid NOT NULL,
	"task" text NOT NULL,
	"outcome" text DEFAULT 'running' NOT NULL,
	"full" boolean DEFAULT false NOT NULL,
	"attempt" integer DEFAULT 0 NOT NULL,
	"started_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone,
	"waiting_until" timestamp with time zone,
	"pages" bigint DEFAULT 0 NOT NULL,
	"items" bigint DEFAULT 0 NOT NULL,
	"added" bigint DEFAULT 0 NOT NULL,
	"changed" bigint DEFAULT 0 NOT NULL,
	"removed" bigint DEFAULT 0 NOT NULL,
	"unchanged" bigint DEFAULT 0 NOT NULL,
	"filtered" bigint DEFAULT 0 NOT NULL,
	"filtered_by" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"quarantined" bigint DEFAULT 0 NOT NULL,
	"requests" bigint DEFAULT 0 NOT NULL,
	"retries" bigint DEFAULT 0 NOT NULL,
	"bytes" bigint DEFAULT 0 NOT NULL,
	"throttled_ms" bigint DEFAULT 0 NOT NULL,
	"error_code" text,
	"error_message" text,
	"error_advice" text,
	CONSTRAINT "runs_outcome" CHECK ("rollcall_data"."runs"."outcome" in ('running', 'complete', 'partial', 'held', 'failed')),
	CONSTRAINT "runs_ended" CHECK (("rollcall_data"."runs"."outcome" = 'running') = ("rollcall_data"."runs"."ended_at" is null))
);
--> statement-breakpoint
CREATE TABLE "rollcall_data"."users" (
	"tenant_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"user_principal_name" text,
	"email" text,
	"email_aliases" text[] NOT NULL,
	"first_name" text,
	"last_name" text,
	"display_name" text,
	"active_date" timestamp with time zone,
	"department" text,
	"location" text,
	"user_type" text,
	"account_enabled" boolean,
	"anonymized" boolean NOT NULL,
	"row_hash" uuid NOT NULL,
	"first_seen_at" timestamp with time zone NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	"removed_at" timestamp with time zone,
	"removed_run" uuid,
	"removed_reason" text,
	CONSTRAINT "users_tenant_id_user_id_pk" PRIMARY KEY("tenant_id","user_id")
);
--> statement-breakpoint
CREATE INDEX "held_removals_by_task" ON "rollcall_data"."held_removals" USING btree ("tenant_id","task");--> statement-breakpoint
CREATE INDEX "quarantine_by_task" ON "rollcall_data"."quarantine" USING btree ("tenant_id","task","resource");--> statement-breakpoint
CREATE INDEX "changes_by_run" ON "rollcall_data"."changes" USING btree ("run_id");--> statement-breakpoint
CREATE INDEX "changes_by_time" ON "rollcall_data"."changes" USING btree ("tenant_id","changed_at");--> statement-breakpoint
CREATE INDEX "changes_by_row" ON "rollcall_data"."changes" USING btree ("tenant_id","table_name","row_key");--> statement-breakpoint
CREATE UNIQUE INDEX "runs_one_open" ON "rollcall_data"."runs" USING btree ("tenant_id","task") WHERE "rollcall_data"."runs"."ended_at" is null;--> statement-breakpoint
CREATE INDEX "runs_latest" ON "rollcall_data"."runs" USING btree ("tenant_id","task","started_at" DESC NULLS LAST);--> statement-breakpoint
CREATE VIEW "rollcall"."changes" AS (select "tenant_id", "task", "run_id", "table_name", "row_key", "kind", "reason", "before", "after", "changed_at" from "rollcall_data"."changes");--> statement-breakpoint
CREATE VIEW "rollcall"."runs" AS (select "id", "tenant_id", "task", "outcome", "started_at", "ended_at", extract(epoch from "ended_at" - "started_at")::float8 as "duration_seconds", "waiting_until", "pages", "items", "added", "changed", "removed", "unchanged", "filtered", "filtered_by", "quarantined", "requests", "retries", "bytes", "throttled_ms", "error_code", "error_message", "error_advice" from "rollcall_data"."runs");--> statement-breakpoint
CREATE VIEW "rollcall"."hr_roster" AS (select "tenant_id", "user_id", "user_principal_name", "email", "email_aliases", "first_name", "last_name", "display_name", "active_date", "department", "location", "user_type", "account_enabled", "anonymized", "first_seen_at", "changed_at" from "rollcall_data"."users" where "rollcall_data"."users"."removed_at" is null);--> statement-breakpoint
INSERT INTO "rollcall_data"."installation" DEFAULT VALUES;
