CREATE UNLOGGED TABLE "rollcall_staging"."locks" (
	"name" text NOT NULL,
	"mode" text NOT NULL,
	"pid" integer NOT NULL,
	"proof" bigint PRIMARY KEY NOT NULL,
	"since" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE UNLOGGED TABLE "rollcall_staging"."turns" (
	"name" text PRIMARY KEY NOT NULL
);
--> statement-breakpoint
ALTER TABLE "rollcall_staging"."checkpoints" ADD COLUMN "tenant_id" uuid;--> statement-breakpoint
ALTER TABLE "rollcall_staging"."checkpoints" ADD COLUMN "task" text;--> statement-breakpoint
-- What has no run is what a killed rehearsal left. Its tables go with the next run.
DELETE FROM "rollcall_staging"."checkpoints" WHERE run_id NOT IN (SELECT id FROM "rollcall_data"."runs");--> statement-breakpoint
UPDATE "rollcall_staging"."checkpoints" c SET tenant_id = r.tenant_id, task = r.task FROM "rollcall_data"."runs" r WHERE r.id = c.run_id;--> statement-breakpoint
ALTER TABLE "rollcall_staging"."checkpoints" ALTER COLUMN "tenant_id" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "rollcall_staging"."checkpoints" ALTER COLUMN "task" SET NOT NULL;--> statement-breakpoint
-- Every role may read comments, and these named the tenants of other roles.
DO $$
DECLARE
  each regclass;
BEGIN
  FOR each IN SELECT oid FROM pg_catalog.pg_class WHERE relnamespace = 'rollcall_staging'::regnamespace AND relkind = 'r' LOOP
    EXECUTE format('COMMENT ON TABLE %s IS NULL', each);
  END LOOP;
END $$;
--> statement-breakpoint
ALTER TABLE "rollcall_data"."installation" ADD COLUMN "place" text;
--> statement-breakpoint
-- Puts row-level security below the views, or repairs it: after a restore without owners or roles, after REASSIGN OWNED, after a
-- change by hand. It decides by owner, policy and grant, never by the flag alone. The views are owned by a role of their own,
-- rollcall_views, because the policies of a table do not bind its owner: the worker, who owns the tables, pays nothing for them.
-- Called at each start if something is missing, and by every migration that adds a view or a table.
CREATE OR REPLACE FUNCTION rollcall_data.guard_views() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  each record;
  own CONSTANT text := '(SELECT rollcall_data.sees_all(current_user)) OR
    tenant_id = ANY ((SELECT rollcall_data.tenants_of(current_user))::uuid[])';
BEGIN
  FOR each IN SELECT name FROM unnest(ARRAY['rollcall_views', 'rollcall_analyst']) AS name
    WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name)
  LOOP
    EXECUTE format('CREATE ROLE %I NOLOGIN', each.name);
  END LOOP;
  -- An administrator may call this in place of the worker, who owns the tables.
  FOR each IN SELECT DISTINCT rolname AS name FROM pg_roles
    WHERE (rolname = current_user OR oid = (SELECT relowner FROM pg_class WHERE oid = 'rollcall_data.tenants'::regclass))
      AND NOT pg_has_role(oid, 'rollcall_views', 'usage')
  LOOP
    EXECUTE format('GRANT rollcall_views TO %I', each.name);
  END LOOP;
  GRANT USAGE, CREATE ON SCHEMA rollcall TO rollcall_views;
  GRANT USAGE ON SCHEMA rollcall_data TO rollcall_views;
  FOR each IN SELECT format('rollcall.%I', relname) AS name FROM pg_class
    WHERE relnamespace = 'rollcall'::regnamespace AND relkind = 'v' AND relowner <> 'rollcall_views'::regrole
  LOOP
    EXECUTE format('ALTER VIEW %s OWNER TO rollcall_views', each.name);
  END LOOP;
  FOR each IN SELECT format('rollcall.%I', relname) AS name FROM pg_class
    WHERE relnamespace = 'rollcall'::regnamespace AND relkind = 'v' AND reloptions::text LIKE '%security_invoker%'
  LOOP
    EXECUTE format('ALTER VIEW %s RESET (security_invoker)', each.name);
  END LOOP;
  GRANT USAGE ON SCHEMA rollcall TO rollcall_analyst;
  GRANT SELECT ON ALL TABLES IN SCHEMA rollcall TO rollcall_analyst;
  GRANT EXECUTE ON FUNCTION rollcall_data.sees_all(name), rollcall_data.tenants_of(name) TO PUBLIC;
  -- A policy of somebody else that holds for the views, or ours with another meaning.
  FOR each IN SELECT polname, polrelid::regclass AS name FROM pg_policy JOIN pg_class c ON c.oid = polrelid
    WHERE c.relnamespace = 'rollcall_data'::regnamespace
      AND (polname = 'own_tenant' OR polroles && ARRAY[0, 'rollcall_views'::regrole]::oid[])
      AND NOT (polname = 'own_tenant' AND polcmd = 'r' AND polpermissive AND polroles = ARRAY['rollcall_views'::regrole]::oid[]
        AND rollcall_data.is_own_tenant(pg_get_expr(polqual, polrelid)))
  LOOP
    EXECUTE format('DROP POLICY %I ON %s', each.polname, each.name);
  END LOOP;
  FOR each IN SELECT c.oid, c.oid::regclass AS name, relrowsecurity, relforcerowsecurity FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
    WHERE c.relnamespace = 'rollcall_data'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
  LOOP
    IF NOT has_table_privilege('rollcall_views', each.oid, 'select') THEN
      EXECUTE format('GRANT SELECT ON %s TO rollcall_views', each.name);
    END IF;
    IF NOT each.relrowsecurity THEN
      EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', each.name);
    END IF;
    IF each.relforcerowsecurity THEN
      EXECUTE format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', each.name);
    END IF;
    IF NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = each.oid AND polname = 'own_tenant') THEN
      EXECUTE format('CREATE POLICY own_tenant ON %s FOR SELECT TO rollcall_views USING (%s)', each.name, own);
    END IF;
  END LOOP;
  FOR each IN SELECT t.role AS name FROM rollcall_data.tenants t JOIN pg_roles r ON r.rolname = t.role LOOP
    EXECUTE format('GRANT USAGE ON SCHEMA rollcall TO %I', each.name);
    EXECUTE format('GRANT SELECT ON ALL TABLES IN SCHEMA rollcall TO %I', each.name);
  END LOOP;
  REVOKE CREATE ON SCHEMA rollcall FROM rollcall_views;
END
$$;
--> statement-breakpoint
-- Whether a policy says what ours say, whatever the version of Postgres that writes it down.
CREATE FUNCTION rollcall_data.is_own_tenant(policy text) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT lower(regexp_replace(policy, '[\s()]', '', 'g')) =
    'selectrollcall_data.sees_allcurrent_userassees_allortenant_id=anyselectrollcall_data.tenants_ofcurrent_userastenants_of::uuid[]'
$$;
--> statement-breakpoint
DO $$
BEGIN
  PERFORM rollcall_data.guard_views();
EXCEPTION
  WHEN insufficient_privilege OR duplicate_object OR unique_violation OR internal_error THEN
    RAISE NOTICE 'the views are not guarded: tenants have no roles of their own';
END $$;
