ALTER TABLE "rollcall_data"."sso_grants" ADD COLUMN "last_login" timestamp with time zone;
--> statement-breakpoint
ALTER TABLE "rollcall_data"."sign_in_totals" ADD COLUMN "assigned" boolean DEFAULT false NOT NULL;
--> statement-breakpoint
UPDATE "rollcall_data"."sso_grants" g SET last_login = t.last_login
FROM "rollcall_data"."service_principals" p, "rollcall_data"."sign_in_totals" t
WHERE p.tenant_id = g.tenant_id AND p.app_instance_id = g.app_instance_id
  AND t.tenant_id = g.tenant_id AND t.application_id = p.application_id AND t.user_id = g.user_id AND NOT t.anonymized
  AND t.last_login IS NOT NULL;
--> statement-breakpoint
UPDATE "rollcall_data"."sign_in_totals" t SET assigned = true
FROM "rollcall_data"."service_principals" p, "rollcall_data"."sso_grants" g
WHERE p.tenant_id = t.tenant_id AND p.application_id = t.application_id
  AND g.tenant_id = t.tenant_id AND g.app_instance_id = p.app_instance_id AND g.user_id = t.user_id AND NOT t.anonymized;
--> statement-breakpoint
CREATE INDEX "sign_in_totals_anonymized" ON "rollcall_data"."sign_in_totals" USING btree ("tenant_id") WHERE anonymized;
--> statement-breakpoint
ANALYZE "rollcall_data"."sso_grants", "rollcall_data"."sign_in_totals";
--> statement-breakpoint
CREATE OR REPLACE VIEW "rollcall"."unassigned_access" AS (select t.tenant_id, nullif(t.application_id, '00000000-0000-0000-0000-000000000000') as application_id,
       coalesce(a.application_name, t.application_name) as application_name, u.user_id, u.email, t.user_principal_name,
       t.last_login, t.login_location, t.login_count
from rollcall_data.sign_in_totals t
join rollcall.hr_roster u on u.tenant_id = t.tenant_id and u.user_id = t.user_id
left join rollcall.discovered_applications a on a.tenant_id = t.tenant_id and a.application_id = t.application_id
where t.login_count > 0 and not t.anonymized and (not t.assigned or a.app_instance_id is null));
--> statement-breakpoint
CREATE OR REPLACE VIEW "rollcall"."unused_access" AS (select u.tenant_id, a.application_id, a.application_name, u.user_id, u.email, a.app_instance_id, u.first_name, u.last_name,
       g.active_date, g.assigned_directly, g.via_groups, g.last_login
from rollcall_data.sso_grants g
join rollcall.discovered_applications a on a.tenant_id = g.tenant_id and a.app_instance_id = g.app_instance_id
join rollcall.hr_roster u on u.tenant_id = g.tenant_id and u.user_id = g.user_id
where g.last_login is null or g.last_login < now() - interval '90 days');
