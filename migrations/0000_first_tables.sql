CREATE SCHEMA "rollcall";
--> statement-breakpoint
CREATE SCHEMA IF NOT EXISTS "rollcall_data";
--> statement-breakpoint
CREATE SCHEMA "rollcall_staging";
--> statement-breakpoint
CREATE TABLE "rollcall_data"."app_role_assignments" (
	"tenant_id" uuid NOT NULL,
	"assignment_id" text NOT NULL,
	"app_instance_id" uuid NOT NULL,
	"principal_id" uuid,
	"principal_type" text,
	"app_role_id" uuid,
	"assigned_at" timestamp with time zone,
	"row_hash" uuid NOT NULL,
	"first_seen_at" timestamp with time zone NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	"removed_at" timestamp with time zone,
	"removed_run" uuid,
	"removed_reason" text,
	CONSTRAINT "app_role_assignments_tenant_id_assignment_id_pk" PRIMARY KEY("tenant_id","assignment_id")
);
--> statement-breakpoint
CREATE TABLE "rollcall_data"."group_members" (
	"tenant_id" uuid NOT NULL,
	"group_id" uuid NOT NULL,
	"member_id" uuid NOT NULL,
	"member_type" text,
	"row_hash" uuid NOT NULL,
	"first_seen_at" timestamp with time zone NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	"removed_at" timestamp with time zone,
	"removed_run" uuid,
	"removed_reason" text,
	CONSTRAINT "group_members_tenant_id_group_id_member_id_pk" PRIMARY KEY("tenant_id","group_id","member_id")
);
--> statement-breakpoint
CREATE TABLE "rollcall_data"."organizations" (
	"tenant_id" uuid NOT NULL,
	"organization_id" uuid NOT NULL,
	"display_name" text,
	"row_hash" uuid NOT NULL,
	"first_seen_at" timestamp with time zone NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	"removed_at" timestamp with time zone,
	"removed_run" uuid,
	"removed_reason" text,
	CONSTRAINT "organizations_tenant_id_organization_id_pk" PRIMARY KEY("tenant_id","organization_id")
);
--> statement-breakpoint
CREATE TABLE "rollcall_data"."service_principals" (
	"tenant_id" uuid NOT NULL,
	"app_instance_id" uuid NOT NULL,
	"application_id" uuid,
	"application_name" text,
	"service_principal_type" text,
	"assignment_required" boolean,
	"owner_tenant_id" uuid,
	"verified_publisher" text,
	"sso_mode" text,
	"exposes_scopes" boolean NOT NULL,
	"account_enabled" boolean,
	"row_hash" uuid NOT NULL,
	"first_seen_at" timestamp with time zone NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	"removed_at" timestamp with time zone,
	"removed_run" uuid,
	"removed_reason" text,
	CONSTRAINT "service_principals_tenant_id_app_instance_id_pk" PRIMARY KEY("tenant_id","app_instance_id")
);
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
	"skipped" bigint DEFAULT 0 NOT NULL,
	"requests" bigint DEFAULT 0 NOT NULL,
	"retries" bigint DEFAULT 0 NOT NULL,
	"bytes" bigint DEFAULT 0 NOT NULL,
	"throttled_ms" bigint DEFAULT 0 NOT NULL,
	"error_code" text,
	"error_message" text,
	"error_advice" text,
	"note" text,
	CONSTRAINT "runs_outcome" CHECK ("rollcall_data"."runs"."outcome" in ('running', 'complete', 'partial', 'held', 'failed')),
	CONSTRAINT "runs_ended" CHECK (("rollcall_data"."runs"."outcome" = 'running') = ("rollcall_data"."runs"."ended_at" is null))
);
--> statement-breakpoint
CREATE TABLE "rollcall_data"."sign_in_archive" (
	"tenant_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"application_id" uuid NOT NULL,
	"anonymized" boolean NOT NULL,
	"login_count" bigint NOT NULL,
	"failed_count" bigint NOT NULL,
	"last_login" timestamp with time zone,
	"login_location" text,
	"last_sign_in" timestamp with time zone NOT NULL,
	"user_principal_name" text,
	"application_name" text,
	CONSTRAINT "sign_in_archive_tenant_id_application_id_user_id_anonymized_pk" PRIMARY KEY("tenant_id","application_id","user_id","anonymized")
);
--> statement-breakpoint
CREATE TABLE "rollcall_data"."sign_in_events" (
	"tenant_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"application_id" uuid NOT NULL,
	"anonymized" boolean NOT NULL,
	"event_id" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"user_principal_name" text,
	"application_name" text,
	"error_code" integer,
	"location" text,
	"row_hash" uuid NOT NULL,
	CONSTRAINT "sign_in_events_tenant_id_event_id_created_at_pk" PRIMARY KEY("tenant_id","event_id","created_at")
) PARTITION BY RANGE ("created_at");
--> statement-breakpoint
CREATE TABLE "rollcall_data"."sign_in_totals" (
	"tenant_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"application_id" uuid NOT NULL,
	"anonymized" boolean NOT NULL,
	"login_count" bigint NOT NULL,
	"failed_count" bigint NOT NULL,
	"last_login" timestamp with time zone,
	"login_location" text,
	"last_sign_in" timestamp with time zone NOT NULL,
	"user_principal_name" text,
	"application_name" text,
	CONSTRAINT "sign_in_totals_tenant_id_application_id_user_id_anonymized_pk" PRIMARY KEY("tenant_id","application_id","user_id","anonymized")
);
--> statement-breakpoint
CREATE TABLE "rollcall_data"."tenant_facts" (
	"tenant_id" uuid PRIMARY KEY NOT NULL,
	"concealed_names" boolean,
	"archived_before" timestamp with time zone
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
CREATE INDEX "app_role_assignments_by_application" ON "rollcall_data"."app_role_assignments" USING btree ("tenant_id","app_instance_id");
--> statement-breakpoint
CREATE INDEX "app_role_assignments_by_principal" ON "rollcall_data"."app_role_assignments" USING btree ("tenant_id","principal_id");
--> statement-breakpoint
CREATE INDEX "group_members_by_member" ON "rollcall_data"."group_members" USING btree ("tenant_id","member_id");
--> statement-breakpoint
CREATE INDEX "service_principals_by_application" ON "rollcall_data"."service_principals" USING btree ("tenant_id","application_id");
--> statement-breakpoint
CREATE INDEX "held_removals_by_task" ON "rollcall_data"."held_removals" USING btree ("tenant_id","task");
--> statement-breakpoint
CREATE INDEX "quarantine_by_task" ON "rollcall_data"."quarantine" USING btree ("tenant_id","task","resource");
--> statement-breakpoint
CREATE INDEX "changes_by_run" ON "rollcall_data"."changes" USING btree ("run_id");
--> statement-breakpoint
CREATE INDEX "changes_by_time" ON "rollcall_data"."changes" USING btree ("tenant_id","changed_at");
--> statement-breakpoint
CREATE INDEX "changes_by_row" ON "rollcall_data"."changes" USING btree ("tenant_id","table_name","row_key");
--> statement-breakpoint
CREATE UNIQUE INDEX "runs_one_open" ON "rollcall_data"."runs" USING btree ("tenant_id","task") WHERE "rollcall_data"."runs"."ended_at" is null;
--> statement-breakpoint
CREATE INDEX "runs_latest" ON "rollcall_data"."runs" USING btree ("tenant_id","task","started_at" DESC NULLS LAST);
--> statement-breakpoint
CREATE INDEX "sign_in_events_by_pair" ON "rollcall_data"."sign_in_events" USING btree ("tenant_id","application_id","user_id");
--> statement-breakpoint
CREATE INDEX "sign_in_totals_by_user" ON "rollcall_data"."sign_in_totals" USING btree ("tenant_id","user_id");
--> statement-breakpoint
CREATE VIEW "rollcall"."hr_roster" AS (select "tenant_id", "user_id", "user_principal_name", "email", "email_aliases", "first_name", "last_name", "display_name", "active_date", "department", "location", "user_type", "account_enabled", "anonymized", "first_seen_at", "changed_at" from "rollcall_data"."users" where "rollcall_data"."users"."removed_at" is null);
--> statement-breakpoint
CREATE VIEW "rollcall"."discovered_applications" AS (select "rollcall_data"."service_principals"."tenant_id", "rollcall_data"."service_principals"."application_id", "rollcall_data"."service_principals"."application_name", "rollcall_data"."service_principals"."app_instance_id", not "rollcall_data"."service_principals"."assignment_required" as "open_access", coalesce("rollcall_data"."service_principals"."verified_publisher",
        case when "rollcall_data"."service_principals"."owner_tenant_id" in ('f8cdef31-a31e-4b4a-93e4-5f571e91255a', '72f988bf-86f1-41af-91ab-2d7cd011db47') then 'Microsoft'
             when "rollcall_data"."service_principals"."owner_tenant_id" = "rollcall_data"."service_principals"."tenant_id" then "rollcall_data"."organizations"."display_name" end) as "publisher", coalesce("rollcall_data"."service_principals"."sso_mode" = 'oidc', "rollcall_data"."service_principals"."exposes_scopes") as "oauth2_integration", "rollcall_data"."service_principals"."sso_mode", "rollcall_data"."service_principals"."account_enabled", "rollcall_data"."service_principals"."first_seen_at", "rollcall_data"."service_principals"."changed_at" from "rollcall_data"."service_principals" left join "rollcall_data"."organizations" on ("rollcall_data"."organizations"."tenant_id" = "rollcall_data"."service_principals"."tenant_id" and "rollcall_data"."organizations"."organization_id" = "rollcall_data"."service_principals"."tenant_id" and "rollcall_data"."organizations"."removed_at" is null) where ("rollcall_data"."service_principals"."removed_at" is null and "rollcall_data"."service_principals"."service_principal_type" is distinct from 'ManagedIdentity' and "rollcall_data"."service_principals"."service_principal_type" is distinct from 'ServiceIdentity'));
--> statement-breakpoint
CREATE VIEW "rollcall"."sso_roster" AS (select u.tenant_id, a.application_id, a.application_name, a.app_instance_id, u.user_id, u.email, u.first_name,
       u.last_name, g.active_date, g.assigned_directly, g.via_groups
from (
  select tenant_id, app_instance_id, user_id, min(assigned_at) as active_date, bool_or(group_id is null) as assigned_directly,
         coalesce(array_agg(distinct group_id order by group_id) filter (where group_id is not null), '{}') as via_groups
  from (
    select tenant_id, app_instance_id, principal_id as user_id, null::uuid as group_id, assigned_at
    from rollcall_data.app_role_assignments where removed_at is null
    union all
    select r.tenant_id, r.app_instance_id, m.member_id, m.group_id, r.assigned_at
    from rollcall_data.app_role_assignments r
    join rollcall_data.group_members m on m.tenant_id = r.tenant_id and m.group_id = r.principal_id and m.removed_at is null
    where r.removed_at is null
  ) grants
  group by tenant_id, app_instance_id, user_id
) g
join rollcall.discovered_applications a on a.tenant_id = g.tenant_id and a.app_instance_id = g.app_instance_id
join rollcall.hr_roster u on u.tenant_id = g.tenant_id and u.user_id = g.user_id);
--> statement-breakpoint
CREATE VIEW "rollcall"."sso_access" AS (select t.tenant_id, nullif(t.user_id, '00000000-0000-0000-0000-000000000000') as user_id, t.user_principal_name, u.email,
       nullif(t.application_id, '00000000-0000-0000-0000-000000000000') as application_id, coalesce(a.application_name, t.application_name) as application_name,
       t.last_login, t.login_location, t.login_count, t.failed_count, t.anonymized
from rollcall_data.sign_in_totals t
left join rollcall_data.users u
  on u.tenant_id = t.tenant_id and u.user_id = t.user_id and u.removed_at is null and not t.anonymized
left join rollcall.discovered_applications a on a.tenant_id = t.tenant_id and a.application_id = t.application_id
where t.login_count > 0 and (t.anonymized or u.user_id is not null));
--> statement-breakpoint
CREATE VIEW "rollcall"."runs" AS (select "id", "tenant_id", "task", "outcome", "started_at", "ended_at", extract(epoch from "ended_at" - "started_at")::float8 as "duration_seconds", "waiting_until", "pages", "items", "added", "changed", "removed", "unchanged", "filtered", "filtered_by", "quarantined", "skipped", "requests", "retries", "bytes", "throttled_ms", "error_code", "error_message", "error_advice", "note" from "rollcall_data"."runs");
--> statement-breakpoint
CREATE VIEW "rollcall"."changes" AS (select "tenant_id", "task", "run_id", "table_name", "row_key", "kind", "reason", "before", "after", "changed_at" from "rollcall_data"."changes");
--> statement-breakpoint
CREATE VIEW "rollcall"."unused_access" AS (select r.tenant_id, r.application_id, r.application_name, r.user_id, r.email, r.app_instance_id, r.first_name, r.last_name,
       r.active_date, r.assigned_directly, r.via_groups, t.last_login
from rollcall.sso_roster r
left join rollcall_data.sign_in_totals t
  on t.tenant_id = r.tenant_id and t.application_id = r.application_id and t.user_id = r.user_id and not t.anonymized
where t.last_login is null or t.last_login < now() - interval '90 days');
--> statement-breakpoint
CREATE VIEW "rollcall"."unassigned_access" AS (select a.tenant_id, a.application_id, a.application_name, a.user_id, a.email, a.user_principal_name, a.last_login,
       a.login_location, a.login_count
from rollcall.sso_access a
left join rollcall.sso_roster r
  on r.tenant_id = a.tenant_id and r.application_id = a.application_id and r.user_id = a.user_id
where not a.anonymized and r.user_id is null);
--> statement-breakpoint
CREATE VIEW "rollcall"."suspicious_access" AS (select tenant_id, user_id, user_principal_name, application_id, application_name, last_login, login_location, login_count,
       failed_count
from rollcall.sso_access where anonymized);
--> statement-breakpoint
CREATE VIEW "rollcall"."sync_health" AS (select distinct on (r.tenant_id, r.task) r.tenant_id, r.task, r.id as run_id, r.started_at, r.ended_at,
       now() - r.ended_at as age, r.items, r.added, r.changed, r.removed, r.unchanged,
       (select count(*)::int from rollcall_data.runs later
        where later.tenant_id = r.tenant_id and later.task = r.task and later.started_at > r.started_at) as runs_since
from rollcall_data.runs r
where r.outcome = 'complete'
order by r.tenant_id, r.task, r.started_at desc);
--> statement-breakpoint
INSERT INTO "rollcall_data"."installation" DEFAULT VALUES;
