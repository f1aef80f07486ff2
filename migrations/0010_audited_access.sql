ALTER TABLE "rollcall_data"."access_log" ADD COLUMN "application" text;--> statement-breakpoint
ALTER TABLE "rollcall_data"."access_log" ADD COLUMN "credential" text;--> statement-breakpoint
ALTER TABLE "rollcall_data"."access_log" ADD COLUMN "asked_by" text;--> statement-breakpoint
ALTER TABLE "rollcall_data"."access_log" ADD COLUMN "inner_requests" jsonb;--> statement-breakpoint
ALTER TABLE "rollcall_data"."access_log" ADD CONSTRAINT "access_log_credential" CHECK ("rollcall_data"."access_log"."credential" in ('secret', 'certificate', 'federated', 'managed-identity'));--> statement-breakpoint
ALTER TABLE "rollcall_data"."access_log" ADD CONSTRAINT "access_log_asked_by" CHECK ("rollcall_data"."access_log"."asked_by" in ('worker', 'proxy', 'doctor', 'console'));--> statement-breakpoint
CREATE VIEW "rollcall"."access_log" AS (select l.at, l.tenant_id, l.application, l.credential, l.asked_by, l.task, l.run_id, e.method, e.uri, e.status, e.error,
       e.duration_ms, e.bytes, e.attempt, e.client_request_id, e.request_id, e.resource_units, e.batch_id
from rollcall_data.access_log l
cross join lateral (
  select l.method, l.uri, l.status, l.error, l.duration_ms, l.bytes, l.attempt, l.client_request_id, l.request_id,
         l.resource_units, null::text as batch_id
  union all
  select i.method, i.uri, i.status, i.error, null, null, i.attempt, null, i."requestId", i."resourceUnits", l.client_request_id
  from jsonb_to_recordset(l.inner_requests) as i(method text, uri text, status int, error text, attempt int, "requestId" text,
       "resourceUnits" real)
) e);
--> statement-breakpoint
COMMENT ON TABLE "rollcall_data"."access_log" IS 'What was asked of Microsoft Graph and of the login with these credentials: one row an exchange, with what was asked inside it if it was a batch; kept for ACCESS_LOG_DAYS.';
--> statement-breakpoint
COMMENT ON VIEW "rollcall"."access_log" IS 'What was asked of Microsoft Graph and of the login, as whom and by which part of Rollcall: one row an exchange, and one for each request inside a batch (batch_id). Kept for ACCESS_LOG_DAYS, seven days unless set. It holds no secret, no token, no continuation token and no body.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."access_log"."at" IS 'When the request was sent.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."access_log"."tenant_id" IS 'The Entra directory that was asked about.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."access_log"."application" IS 'The application (client) id that asked; null for a machine''s own managed identity.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."access_log"."credential" IS 'How the application proved who it is: secret, certificate, federated, managed-identity. Null if an earlier version recorded the row.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."access_log"."asked_by" IS 'The part of Rollcall that asked: worker (rollcall sync works as one), proxy, doctor, console. Null if an earlier version recorded the row.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."access_log"."task" IS 'The task that needed it; null for a login, which serves every task, and for the doctor.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."access_log"."run_id" IS 'The run that needed it, as in runs; null if task is null. A dry run has an id that runs does not list.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."access_log"."method" IS 'GET or POST. A batch is a POST, as Graph wants it: what it asks for are the rows with its batch_id.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."access_log"."uri" IS 'What was asked for, with its query; continuation tokens are left out.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."access_log"."status" IS 'The HTTP status of the answer; null if there was none.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."access_log"."error" IS 'Why there was no answer.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."access_log"."duration_ms" IS 'Milliseconds until the answer was read; null for a request inside a batch: its batch has them.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."access_log"."bytes" IS 'Bytes received, as they came over the wire; null for a request inside a batch.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."access_log"."attempt" IS '1, or more if the request was sent before.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."access_log"."client_request_id" IS 'The id that Rollcall gave the exchange: Microsoft''s support finds it by this. Null for a request inside a batch.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."access_log"."request_id" IS 'The id that Graph or the login gave it.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."access_log"."resource_units" IS 'What Graph says the request has cost.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."access_log"."batch_id" IS 'The client_request_id of the batch that the request was sent in; null for an exchange of its own.';
--> statement-breakpoint
-- As before, and the roles of tenants are let in to a view that comes after them.
CREATE OR REPLACE FUNCTION rollcall_data.guard_views() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  each text;
BEGIN
  FOREACH each IN ARRAY ARRAY['rollcall_views', 'rollcall_analyst'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = each) THEN
      EXECUTE format('CREATE ROLE %I NOLOGIN', each);
    END IF;
  END LOOP;
  IF NOT pg_has_role(current_user, 'rollcall_views', 'usage') THEN
    EXECUTE format('GRANT rollcall_views TO %I', current_user);
  END IF;
  GRANT USAGE ON SCHEMA rollcall TO rollcall_analyst;
  GRANT SELECT ON ALL TABLES IN SCHEMA rollcall TO rollcall_analyst;
  GRANT USAGE, CREATE ON SCHEMA rollcall TO rollcall_views;
  GRANT USAGE ON SCHEMA rollcall_data TO rollcall_views;
  FOR each IN SELECT format('rollcall.%I', relname) FROM pg_class
    WHERE relnamespace = 'rollcall'::regnamespace AND relkind = 'v' AND relowner <> 'rollcall_views'::regrole
  LOOP
    EXECUTE format('ALTER VIEW %s OWNER TO rollcall_views', each);
  END LOOP;
  FOR each IN SELECT format('rollcall_data.%I', c.relname) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'rollcall_data'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND NOT c.relrowsecurity AND a.attname = 'tenant_id'
  LOOP
    EXECUTE format('GRANT SELECT ON %s TO rollcall_views', each);
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', each);
    EXECUTE format('CREATE POLICY own_tenant ON %s FOR SELECT TO rollcall_views USING (
      (SELECT rollcall_data.sees_all(current_user)) OR
      tenant_id = ANY ((SELECT rollcall_data.tenants_of(current_user))::uuid[]))', each);
  END LOOP;
  FOR each IN SELECT t.role FROM rollcall_data.tenants t JOIN pg_roles r ON r.rolname = t.role LOOP
    EXECUTE format('GRANT SELECT ON ALL TABLES IN SCHEMA rollcall TO %I', each);
  END LOOP;
  REVOKE CREATE ON SCHEMA rollcall FROM rollcall_views;
END
$$;
--> statement-breakpoint
DO $$
BEGIN
  PERFORM rollcall_data.guard_views();
EXCEPTION
  WHEN insufficient_privilege OR duplicate_object OR unique_violation OR internal_error THEN
    RAISE NOTICE 'the views are not guarded: tenants have no roles of their own';
END $$;
