CREATE TABLE "rollcall_data"."tenants" (
	"tenant_id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"client_id" text NOT NULL,
	"credential" text NOT NULL,
	"secret_ref" text,
	"password_ref" text,
	"cloud" text,
	"include_guests" boolean NOT NULL,
	"domain_names" text[] NOT NULL,
	"schedule_nightly" text,
	"schedule_sso_access" text,
	"schedule_time_zone" text,
	"role" text,
	"disabled_at" timestamp with time zone,
	"removing_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"changed_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "tenants_name_unique" UNIQUE("name"),
	CONSTRAINT "tenants_role_unique" UNIQUE("role"),
	CONSTRAINT "tenants_credential" CHECK ("rollcall_data"."tenants"."credential" in ('secret', 'certificate', 'federated', 'managed-identity')),
	CONSTRAINT "tenants_secret_ref" CHECK ("rollcall_data"."tenants"."secret_ref" ~ '^(env|file):'),
	CONSTRAINT "tenants_password_ref" CHECK ("rollcall_data"."tenants"."password_ref" ~ '^(env|file):')
);
--> statement-breakpoint
ALTER TABLE "rollcall_data"."tenant_facts" ADD COLUMN "login_failed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "rollcall_data"."tenant_facts" ADD COLUMN "login_error_code" text;--> statement-breakpoint
ALTER TABLE "rollcall_data"."tenant_facts" ADD COLUMN "login_error" text;--> statement-breakpoint
ALTER TABLE "rollcall_data"."tenant_facts" ADD COLUMN "login_advice" text;--> statement-breakpoint
CREATE INDEX "access_log_by_tenant" ON "rollcall_data"."access_log" USING btree ("tenant_id","at");--> statement-breakpoint
CREATE VIEW "rollcall"."tenants" AS (select known.tenant_id, coalesce(t.name, o.display_name) as name, o.display_name as organization, t.cloud,
       t.include_guests, t.domain_names, t.disabled_at, t.created_at, t.changed_at
from (select tenant_id from rollcall_data.tenants union select tenant_id from rollcall_data.runs) known
left join rollcall_data.tenants t on t.tenant_id = known.tenant_id
left join rollcall_data.organizations o
  on o.tenant_id = known.tenant_id and o.organization_id = known.tenant_id and o.removed_at is null);
--> statement-breakpoint
COMMENT ON TABLE "rollcall_data"."tenants" IS 'The tenants that are read: how, and where their secrets are. No secret is in it.';
--> statement-breakpoint
COMMENT ON VIEW "rollcall"."tenants" IS 'What the tenant_id of the other views stands for: one row a directory that is read, or has been.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."tenants"."tenant_id" IS 'The Entra directory.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."tenants"."name" IS 'What operators call it; else the organization''s name.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."tenants"."organization" IS 'The organization''s name in the directory; null until application-discovery has run.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."tenants"."cloud" IS 'The cloud that the directory is in; null where the settings of the environment say it.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."tenants"."include_guests" IS 'Whether guests are in the roster; null where the settings of the environment say it.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."tenants"."domain_names" IS 'Only people of these domains are in the roster, where there are any; null where the settings of the environment say it.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."tenants"."disabled_at" IS 'Since when it is not read; null while it is.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."tenants"."created_at" IS 'When it was added; null for the tenant of the environment.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."tenants"."changed_at" IS 'When what is written of it was last changed.';
--> statement-breakpoint
-- Who may see which tenant through the views. Members of rollcall_analyst see all; the role of a tenant sees that tenant;
-- everybody else, whatever was granted to them, sees nothing. Evaluated once a query.
CREATE FUNCTION rollcall_data.sees_all(reader name) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(bool_or(pg_has_role(reader, oid, 'usage')), false)
  FROM pg_roles WHERE rolname IN ('rollcall_analyst', 'rollcall_views')
$$;
--> statement-breakpoint
CREATE FUNCTION rollcall_data.tenants_of(reader name) RETURNS uuid[]
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(array_agg(t.tenant_id), '{}')
  FROM rollcall_data.tenants t JOIN pg_roles r ON r.rolname = t.role
  WHERE pg_has_role(reader, r.oid, 'usage')
$$;
--> statement-breakpoint
-- Puts row-level security below the views. They are owned by a role of their own, rollcall_views, because the policies of a
-- table do not bind its owner: the worker, who owns the tables, pays nothing for them. To be called again by a migration that
-- adds a view or a table. Fails where the server does not let us create roles.
CREATE FUNCTION rollcall_data.guard_views() RETURNS void
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
  REVOKE CREATE ON SCHEMA rollcall FROM rollcall_views;
END
$$;
--> statement-breakpoint
DO $$
BEGIN
  PERFORM rollcall_data.guard_views();
EXCEPTION
  -- As with rollcall_analyst: a server that does not let us create roles works without. Two databases of it may race.
  WHEN insufficient_privilege OR duplicate_object OR unique_violation OR internal_error THEN
    RAISE NOTICE 'the views are not guarded: tenants have no roles of their own';
END $$;
