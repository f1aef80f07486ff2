CREATE TABLE "rollcall_data"."operator_actions" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "rollcall_data"."operator_actions_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone,
	"tenant_id" uuid,
	"action" text NOT NULL,
	"task" text,
	"run_id" uuid,
	"outcome" text DEFAULT 'begun' NOT NULL,
	"error_code" text,
	"actor" text NOT NULL,
	"claimed_actor" text,
	"way" text NOT NULL,
	"host" text NOT NULL,
	"details" jsonb DEFAULT '{}'::jsonb NOT NULL,
	CONSTRAINT "operator_actions_outcome" CHECK ("rollcall_data"."operator_actions"."outcome" in ('begun', 'done', 'refused', 'failed')),
	CONSTRAINT "operator_actions_way" CHECK ("rollcall_data"."operator_actions"."way" in ('command-line', 'console')),
	CONSTRAINT "operator_actions_ended" CHECK (("rollcall_data"."operator_actions"."outcome" = 'begun') = ("rollcall_data"."operator_actions"."ended_at" is null))
);
--> statement-breakpoint
CREATE INDEX "operator_actions_by_time" ON "rollcall_data"."operator_actions" USING btree ("at");--> statement-breakpoint
CREATE INDEX "operator_actions_by_tenant" ON "rollcall_data"."operator_actions" USING btree ("tenant_id","at");--> statement-breakpoint
CREATE INDEX "operator_actions_by_run" ON "rollcall_data"."operator_actions" USING btree ("run_id");--> statement-breakpoint
CREATE VIEW "rollcall"."operator_actions" AS (select "id", "at", "ended_at", "tenant_id", "action", "task", "run_id", "outcome", "error_code", "actor", "claimed_actor", "way", "host", "details" from "rollcall_data"."operator_actions");
--> statement-breakpoint
COMMENT ON TABLE "rollcall_data"."operator_actions" IS 'What people told Rollcall to do: one row an action and tenant. Kept for ever; those about a tenant outlive its removal.';
--> statement-breakpoint
COMMENT ON VIEW "rollcall"."operator_actions" IS 'What people told Rollcall to do, through the command line or the console: who, what, when, from where. One row an action and tenant, kept for ever: those about a tenant outlive its removal.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."operator_actions"."id" IS 'Its number.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."operator_actions"."at" IS 'When it began.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."operator_actions"."ended_at" IS 'When it ended; null while it has not, or if its process was killed. What a sync, a replay or a retry started goes on after that: see runs.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."operator_actions"."tenant_id" IS 'The Entra directory that it is about; null if it is about no single one, as migrate.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."operator_actions"."action" IS 'The command, without its arguments: sync, replay, release, discard, cancel, jobs --retry-failed, tenants add, tenants update, tenants enable, tenants disable, tenants remove, tenants apply, migrate.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."operator_actions"."task" IS 'The task that it is about; null if it is about none or several.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."operator_actions"."run_id" IS 'The run that it is about; several are listed in details, under runs.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."operator_actions"."outcome" IS 'begun (it has not ended, or its process was killed); done; refused (Rollcall said no, and changed nothing); failed.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."operator_actions"."error_code" IS 'Why it was refused or failed, as a stable code.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."operator_actions"."actor" IS 'Who: the user as the system of the host knows it.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."operator_actions"."claimed_actor" IS 'The user before sudo, as SUDO_USER says. A claim: anybody can set it.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."operator_actions"."way" IS 'command-line or console.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."operator_actions"."host" IS 'From where: the name of the machine or container.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."operator_actions"."details" IS 'What was told, and what came of it: tasks and runs, rows removed, fields changed. Of a secret only that its place was set.';
--> statement-breakpoint
DO $$
BEGIN
  PERFORM rollcall_data.guard_views();
EXCEPTION
  WHEN insufficient_privilege OR duplicate_object OR unique_violation OR internal_error THEN
    RAISE NOTICE 'the views are not guarded: tenants have no roles of their own';
END $$;
