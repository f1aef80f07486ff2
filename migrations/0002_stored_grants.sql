CREATE TABLE "rollcall_data"."sso_grants" (
	"tenant_id" uuid NOT NULL,
	"app_instance_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"active_date" timestamp with time zone,
	"assigned_directly" boolean NOT NULL,
	"via_groups" uuid[] NOT NULL,
	CONSTRAINT "sso_grants_tenant_id_app_instance_id_user_id_pk" PRIMARY KEY("tenant_id","app_instance_id","user_id")
);
--> statement-breakpoint
INSERT INTO "rollcall_data"."sso_grants"
SELECT tenant_id, app_instance_id, user_id, min(assigned_at), bool_or(group_id IS NULL),
       coalesce(array_agg(DISTINCT group_id ORDER BY group_id) FILTER (WHERE group_id IS NOT NULL), '{}')
FROM (
  SELECT tenant_id, app_instance_id, principal_id AS user_id, NULL::uuid AS group_id, assigned_at
  FROM "rollcall_data"."app_role_assignments" WHERE removed_at IS NULL AND principal_id IS NOT NULL
  UNION ALL
  SELECT r.tenant_id, r.app_instance_id, m.member_id, m.group_id, r.assigned_at
  FROM "rollcall_data"."app_role_assignments" r
  JOIN "rollcall_data"."group_members" m ON m.tenant_id = r.tenant_id AND m.group_id = r.principal_id AND m.removed_at IS NULL
  WHERE r.removed_at IS NULL
) grants
GROUP BY tenant_id, app_instance_id, user_id;
--> statement-breakpoint
UPDATE "rollcall_data"."changes" k SET row_key = k.row_key || jsonb_build_object('app_instance_id', a.app_instance_id)
FROM "rollcall_data"."app_role_assignments" a
WHERE k.table_name = 'app_role_assignments' AND a.tenant_id = k.tenant_id AND a.assignment_id = k.row_key ->> 'assignment_id';
--> statement-breakpoint
UPDATE "rollcall_data"."held_removals" k SET row_key = k.row_key || jsonb_build_object('app_instance_id', a.app_instance_id)
FROM "rollcall_data"."app_role_assignments" a
WHERE k.table_name = 'app_role_assignments' AND a.tenant_id = k.tenant_id AND a.assignment_id = k.row_key ->> 'assignment_id';
--> statement-breakpoint
DROP INDEX "rollcall_data"."app_role_assignments_by_application";
--> statement-breakpoint
DROP INDEX "rollcall_data"."changes_by_time";
--> statement-breakpoint
DROP INDEX "rollcall_data"."sign_in_totals_by_user";
--> statement-breakpoint
ALTER TABLE "rollcall_data"."app_role_assignments" DROP CONSTRAINT "app_role_assignments_tenant_id_assignment_id_pk";
--> statement-breakpoint
ALTER TABLE "rollcall_data"."app_role_assignments" ADD CONSTRAINT "app_role_assignments_tenant_id_app_instance_id_assignment_id_pk" PRIMARY KEY("tenant_id","app_instance_id","assignment_id");
--> statement-breakpoint
CREATE INDEX "sso_grants_by_user" ON "rollcall_data"."sso_grants" USING btree ("tenant_id","user_id");
--> statement-breakpoint
CREATE INDEX "sign_in_totals_by_application" ON "rollcall_data"."sign_in_totals" USING btree ("tenant_id",nullif("application_id", '00000000-0000-0000-0000-000000000000'));
--> statement-breakpoint
CREATE INDEX "sign_in_totals_by_last_login" ON "rollcall_data"."sign_in_totals" USING btree ("last_login");
--> statement-breakpoint
CREATE INDEX "changes_by_time" ON "rollcall_data"."changes" USING btree ("changed_at","tenant_id");
--> statement-breakpoint
CREATE INDEX "sign_in_totals_by_user" ON "rollcall_data"."sign_in_totals" USING btree ("tenant_id",nullif("user_id", '00000000-0000-0000-0000-000000000000'));
--> statement-breakpoint
CREATE OR REPLACE VIEW "rollcall"."sso_roster" AS (select u.tenant_id, a.application_id, a.application_name, a.app_instance_id, u.user_id, u.email, u.first_name,
       u.last_name, g.active_date, g.assigned_directly, g.via_groups
from rollcall_data.sso_grants g
join rollcall.discovered_applications a on a.tenant_id = g.tenant_id and a.app_instance_id = g.app_instance_id
join rollcall.hr_roster u on u.tenant_id = g.tenant_id and u.user_id = g.user_id);
--> statement-breakpoint
CREATE OR REPLACE VIEW "rollcall"."unassigned_access" AS (select t.tenant_id, nullif(t.application_id, '00000000-0000-0000-0000-000000000000') as application_id,
       coalesce(a.application_name, t.application_name) as application_name, u.user_id, u.email, t.user_principal_name,
       t.last_login, t.login_location, t.login_count
from rollcall_data.sign_in_totals t
join rollcall.hr_roster u on u.tenant_id = t.tenant_id and u.user_id = t.user_id
left join rollcall.discovered_applications a on a.tenant_id = t.tenant_id and a.application_id = t.application_id
where t.login_count > 0 and not t.anonymized and not exists (
  select from rollcall_data.sso_grants g
  where g.tenant_id = t.tenant_id and g.app_instance_id = a.app_instance_id and g.user_id = t.user_id));
--> statement-breakpoint
ANALYZE "rollcall_data"."sso_grants";
