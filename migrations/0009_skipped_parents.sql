CREATE TABLE "rollcall_data"."skipped_parents" (
	"tenant_id" uuid NOT NULL,
	"task" text NOT NULL,
	"resource" text NOT NULL,
	"parent_id" uuid NOT NULL,
	"name" text,
	"reason" text NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"runs" integer NOT NULL,
	"last_run" uuid NOT NULL,
	"gone_at" timestamp with time zone,
	CONSTRAINT "skipped_parents_tenant_id_task_resource_parent_id_pk" PRIMARY KEY("tenant_id","task","resource","parent_id")
);
--> statement-breakpoint
ALTER TABLE "rollcall_data"."runs" ADD COLUMN "skipped_parents" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "rollcall_data"."runs" ADD COLUMN "doubts" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
CREATE OR REPLACE VIEW "rollcall"."runs" AS (select "id", "tenant_id", "task", "outcome", "started_at", "ended_at", extract(epoch from "ended_at" - "started_at")::float8 as "duration_seconds", "waiting_until", "pages", "items", "added", "changed", "removed", "unchanged", "filtered", "filtered_by", "quarantined", "skipped", "requests", "retries", "bytes", "throttled_ms", "error_code", "error_message", "error_advice", "note", "skipped_parents" from "rollcall_data"."runs");
--> statement-breakpoint
COMMENT ON TABLE "rollcall_data"."skipped_parents" IS 'Applications and groups that runs could not read, and those that are known as gone: one row each.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."runs"."outcome" IS 'running; complete; partial (not everything could be read or understood: see quarantined, skipped and note); held (removals wait for an operator); failed.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."runs"."skipped" IS 'Applications and groups that could not be read; their rows stayed.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."runs"."skipped_parents" IS 'The first hundred of them: kind (application, group), id, name, reason (not_found, forbidden, hidden_membership), since when, and in how many runs in a row.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."runs"."note" IS 'What the reader of the rows should know: that they build on older data of another task, or why they are not proven complete.';
--> statement-breakpoint
DO $$
BEGIN
  PERFORM rollcall_data.guard_views();
EXCEPTION
  WHEN insufficient_privilege OR duplicate_object OR unique_violation OR internal_error THEN
    RAISE NOTICE 'the views are not guarded: tenants have no roles of their own';
END $$;
