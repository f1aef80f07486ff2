ALTER TABLE "rollcall_data"."sign_in_events" ADD COLUMN "pseudonym" text DEFAULT '' NOT NULL;
--> statement-breakpoint
ALTER TABLE "rollcall_data"."sign_in_events" ADD COLUMN "interrupted" boolean DEFAULT false NOT NULL;
--> statement-breakpoint
ALTER TABLE "rollcall_data"."sign_in_totals" ADD COLUMN "pseudonym" text DEFAULT '' NOT NULL;
--> statement-breakpoint
ALTER TABLE "rollcall_data"."sign_in_totals" ADD COLUMN "interrupted_count" bigint DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE "rollcall_data"."sign_in_archive" ADD COLUMN "pseudonym" text DEFAULT '' NOT NULL;
--> statement-breakpoint
ALTER TABLE "rollcall_data"."sign_in_archive" ADD COLUMN "interrupted_count" bigint DEFAULT 0 NOT NULL;
--> statement-breakpoint
-- Of runs that are interrupted: what they have staged lacks these columns, so they read it again.
DELETE FROM "rollcall_staging"."checkpoints" c USING "rollcall_data"."runs" r WHERE r.id = c.run_id AND r.task = 'sso-access';
--> statement-breakpoint
-- What is blank counts as null, and the parts of a place that are blank count as none.
CREATE FUNCTION pg_temp.trimmed(value text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT nullif(btrim(value, E' \t\n\r\f\x0B'), '') $$;
--> statement-breakpoint
CREATE FUNCTION pg_temp.trimmed_place(place text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT string_agg(pg_temp.trimmed(part), ', ' ORDER BY n) FROM unnest(string_to_array(place, ',')) WITH ORDINALITY parts(part, n)
  WHERE pg_temp.trimmed(part) IS NOT NULL
$$;
--> statement-breakpoint
UPDATE "rollcall_data"."sign_in_events" SET user_principal_name = pg_temp.trimmed(user_principal_name), application_name = pg_temp.trimmed(application_name)
WHERE user_principal_name IS DISTINCT FROM pg_temp.trimmed(user_principal_name) OR application_name IS DISTINCT FROM pg_temp.trimmed(application_name);
--> statement-breakpoint
UPDATE "rollcall_data"."sign_in_events" SET location = pg_temp.trimmed_place(location) WHERE location ~ '(^|,)\s*(,|$)|^\s|\s$|\s,';
--> statement-breakpoint
UPDATE "rollcall_data"."sign_in_totals" SET user_principal_name = pg_temp.trimmed(user_principal_name), application_name = pg_temp.trimmed(application_name)
WHERE user_principal_name IS DISTINCT FROM pg_temp.trimmed(user_principal_name) OR application_name IS DISTINCT FROM pg_temp.trimmed(application_name);
--> statement-breakpoint
UPDATE "rollcall_data"."sign_in_totals" SET login_location = pg_temp.trimmed_place(login_location) WHERE login_location ~ '(^|,)\s*(,|$)|^\s|\s$|\s,';
--> statement-breakpoint
UPDATE "rollcall_data"."sign_in_archive" SET user_principal_name = pg_temp.trimmed(user_principal_name), application_name = pg_temp.trimmed(application_name)
WHERE user_principal_name IS DISTINCT FROM pg_temp.trimmed(user_principal_name) OR application_name IS DISTINCT FROM pg_temp.trimmed(application_name);
--> statement-breakpoint
UPDATE "rollcall_data"."sign_in_archive" SET login_location = pg_temp.trimmed_place(login_location) WHERE login_location ~ '(^|,)\s*(,|$)|^\s|\s$|\s,';
--> statement-breakpoint
-- As src/jobs/sso-access/interrupts.ts has them.
UPDATE "rollcall_data"."sign_in_events" SET interrupted = true WHERE error_code IN (
  16000, 16001, 16003, 50055, 50058, 50059, 50072, 50074, 50125, 50127, 50129, 50140, 50143, 50144, 51006, 52004, 65001, 81010, 81012, 81014,
  50076, 50078, 50079, 50097, 50158, 50168, 50199, 90095, 1000002, 70043, 70044);
--> statement-breakpoint
-- As src/jobs/sso-access/normalize.ts makes it.
CREATE FUNCTION pg_temp.pseudonym_of(name text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN length(name) <= 255 THEN lower(name) ELSE encode(sha256(convert_to(lower(name), 'UTF8')), 'hex') END
$$;
--> statement-breakpoint
UPDATE "rollcall_data"."sign_in_events" SET pseudonym = pg_temp.pseudonym_of(user_principal_name)
WHERE anonymized AND user_principal_name IS NOT NULL;
--> statement-breakpoint
-- Of events that are dropped only the sum is known, under the latest name, and with interrupts among the failures: so it stays.
UPDATE "rollcall_data"."sign_in_archive" SET pseudonym = pg_temp.pseudonym_of(user_principal_name)
WHERE anonymized AND user_principal_name IS NOT NULL;
--> statement-breakpoint
ALTER TABLE "rollcall_data"."sign_in_archive" DROP CONSTRAINT "sign_in_archive_tenant_id_application_id_user_id_anonymized_pk";
--> statement-breakpoint
ALTER TABLE "rollcall_data"."sign_in_totals" DROP CONSTRAINT "sign_in_totals_tenant_id_application_id_user_id_anonymized_pk";
--> statement-breakpoint
DELETE FROM "rollcall_data"."sign_in_totals" WHERE anonymized;
--> statement-breakpoint
ALTER TABLE "rollcall_data"."sign_in_archive" ADD CONSTRAINT "sign_in_archive_pk" PRIMARY KEY("tenant_id","application_id","user_id","anonymized","pseudonym");
--> statement-breakpoint
ALTER TABLE "rollcall_data"."sign_in_totals" ADD CONSTRAINT "sign_in_totals_pk" PRIMARY KEY("tenant_id","application_id","user_id","anonymized","pseudonym");
--> statement-breakpoint
UPDATE "rollcall_data"."sign_in_totals" t SET interrupted_count = e.interrupted, failed_count = t.failed_count - e.interrupted
FROM (
  SELECT tenant_id, application_id, user_id, count(*) AS interrupted
  FROM "rollcall_data"."sign_in_events" WHERE interrupted AND NOT anonymized GROUP BY tenant_id, application_id, user_id
) e
WHERE t.tenant_id = e.tenant_id AND t.application_id = e.application_id AND t.user_id = e.user_id AND NOT t.anonymized;
--> statement-breakpoint
-- A row a pseudonym instead of a row for all of them.
INSERT INTO "rollcall_data"."sign_in_totals" (tenant_id, user_id, application_id, anonymized, pseudonym, login_count, interrupted_count,
  failed_count, last_login, login_location, last_sign_in, user_principal_name, application_name)
SELECT tenant_id, user_id, application_id, true, pseudonym, sum(login_count), sum(interrupted_count), sum(failed_count), max(last_login),
       (array_agg(login_location ORDER BY last_login DESC NULLS LAST, event_id DESC))[1], max(last_sign_in),
       (array_agg(user_principal_name ORDER BY last_sign_in DESC, event_id DESC))[1],
       (array_agg(application_name ORDER BY last_sign_in DESC, event_id DESC))[1]
FROM (
  SELECT tenant_id, user_id, application_id, pseudonym, (error_code IS NOT DISTINCT FROM 0)::int AS login_count,
         interrupted::int AS interrupted_count, coalesce(error_code <> 0 AND NOT interrupted, false)::int AS failed_count,
         CASE WHEN error_code = 0 THEN created_at END AS last_login, CASE WHEN error_code = 0 THEN location END AS login_location,
         created_at AS last_sign_in, user_principal_name, application_name, event_id
  FROM "rollcall_data"."sign_in_events" WHERE anonymized
  UNION ALL
  SELECT tenant_id, user_id, application_id, pseudonym, login_count, interrupted_count, failed_count, last_login, login_location,
         last_sign_in, user_principal_name, application_name, ''
  FROM "rollcall_data"."sign_in_archive" WHERE anonymized
) parts
GROUP BY tenant_id, user_id, application_id, pseudonym;
--> statement-breakpoint
DROP FUNCTION pg_temp.trimmed_place(text);
--> statement-breakpoint
DROP FUNCTION pg_temp.trimmed(text);
--> statement-breakpoint
DROP FUNCTION pg_temp.pseudonym_of(text);
--> statement-breakpoint
ANALYZE "rollcall_data"."sign_in_totals", "rollcall_data"."sign_in_archive";
--> statement-breakpoint
-- A column between others: the views are made again, and what was granted on them is granted again.
CREATE TEMPORARY TABLE kept_grants ON COMMIT DROP AS
SELECT c.relname, a.grantee, a.privilege_type, a.is_grantable
FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) a
WHERE c.relnamespace = 'rollcall'::regnamespace AND c.relname IN ('sso_access', 'suspicious_access') AND a.grantee <> c.relowner;
--> statement-breakpoint
DROP VIEW "rollcall"."suspicious_access";
--> statement-breakpoint
DROP VIEW "rollcall"."sso_access";
--> statement-breakpoint
CREATE VIEW "rollcall"."sso_access" AS (select t.tenant_id, nullif(t.user_id, '00000000-0000-0000-0000-000000000000') as user_id, t.user_principal_name, u.email,
       nullif(t.application_id, '00000000-0000-0000-0000-000000000000') as application_id, coalesce(a.application_name, t.application_name) as application_name,
       t.last_login, t.login_location, t.login_count, t.interrupted_count, t.failed_count, t.anonymized
from rollcall_data.sign_in_totals t
left join rollcall_data.users u
  on u.tenant_id = t.tenant_id and u.user_id = t.user_id and u.removed_at is null and not t.anonymized
left join rollcall.discovered_applications a on a.tenant_id = t.tenant_id and a.application_id = t.application_id
where t.login_count > 0 and (t.anonymized or u.user_id is not null));
--> statement-breakpoint
CREATE VIEW "rollcall"."suspicious_access" AS (select tenant_id, user_id, user_principal_name, application_id, application_name, last_login, login_location, login_count,
       interrupted_count, failed_count
from rollcall.sso_access where anonymized);
--> statement-breakpoint
COMMENT ON VIEW "rollcall"."sso_access" IS 'Who signed in to which application: one row a user in an application with at least one login. Microsoft Graph v1.0 lists interactive sign-ins only: a user who works with a token that is renewed in the background does not appear. Sign-ins that name no person are rows of their own, marked as anonymized: one for each concealed or redacted name, and one an application for those without any name. A sign-in without an error code counts as nothing.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."sso_access"."tenant_id" IS 'The Entra directory.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."sso_access"."user_id" IS 'The user''s object id, as in hr_roster. Null if the sign-in carries none.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."sso_access"."user_principal_name" IS 'As the latest sign-in spells it. Of an anonymized row: the pseudonym, which is the same in either case of its letters.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."sso_access"."email" IS 'As in hr_roster; null for anonymized rows.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."sso_access"."application_id" IS 'The application id (appId), the same in every tenant.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."sso_access"."application_name" IS 'As discovered_applications gives it; else as the latest sign-in does.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."sso_access"."last_login" IS 'The latest login. A login is a sign-in with the error code 0.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."sso_access"."login_location" IS 'City, state and country of the latest login.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."sso_access"."login_count" IS 'How many logins since the first run.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."sso_access"."interrupted_count" IS 'How many interrupts: sign-ins that Entra counts neither as a login nor as a failure, because a step was to follow (a multi-factor prompt, "stay signed in?", a password to be reset). Of days whose events were dropped before Rollcall counted interrupts, they are among the failures.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."sso_access"."failed_count" IS 'How many sign-ins with an error that is no interrupt: a wrong password, a blocked account, access that a policy refuses.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."sso_access"."anonymized" IS 'The sign-ins name no person: the user id is empty or zero, or the name is concealed or redacted. They are never joined to people.';
--> statement-breakpoint
COMMENT ON VIEW "rollcall"."suspicious_access" IS 'Logins that could not be attributed: the anonymized rows of sso_access, one for each pseudonym in an application.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."suspicious_access"."tenant_id" IS 'The Entra directory.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."suspicious_access"."user_id" IS 'The id that the sign-ins carry, if they carry one.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."suspicious_access"."user_principal_name" IS 'The pseudonym: what stands in place of a name. Null if there is none.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."suspicious_access"."application_id" IS 'The application id (appId), the same in every tenant.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."suspicious_access"."application_name" IS 'As in sso_access.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."suspicious_access"."last_login" IS 'The latest login.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."suspicious_access"."login_location" IS 'City, state and country of the latest login.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."suspicious_access"."login_count" IS 'How many logins.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."suspicious_access"."interrupted_count" IS 'How many interrupts, as in sso_access.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."suspicious_access"."failed_count" IS 'How many sign-ins with an error that is no interrupt.';
--> statement-breakpoint
DO $$
BEGIN
  PERFORM rollcall_data.guard_views();
EXCEPTION
  -- As before: a server that does not let us create roles works without.
  WHEN insufficient_privilege OR duplicate_object OR unique_violation OR internal_error THEN
    RAISE NOTICE 'the views are not guarded: tenants have no roles of their own';
END $$;
--> statement-breakpoint
DO $$
DECLARE
  each record;
BEGIN
  FOR each IN SELECT * FROM kept_grants LOOP
    EXECUTE format('GRANT %s ON rollcall.%I TO %s%s', each.privilege_type, each.relname,
      CASE WHEN each.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(each.grantee)) END,
      CASE WHEN each.is_grantable AND each.grantee <> 0 THEN ' WITH GRANT OPTION' ELSE '' END);
  END LOOP;
END $$;
