ALTER TABLE "rollcall_data"."tenants" ADD COLUMN "include_agents" boolean DEFAULT false NOT NULL;
--> statement-breakpoint
-- Replaced rather than dropped: what was granted on the view stays.
CREATE OR REPLACE VIEW "rollcall"."tenants" AS (select known.tenant_id, coalesce(t.name, o.display_name) as name, o.display_name as organization, t.cloud,
       t.include_guests, t.domain_names, t.disabled_at, t.created_at, t.changed_at, t.include_agents
from (select tenant_id from rollcall_data.tenants union select tenant_id from rollcall_data.runs) known
left join rollcall_data.tenants t on t.tenant_id = known.tenant_id
left join rollcall_data.organizations o
  on o.tenant_id = known.tenant_id and o.organization_id = known.tenant_id and o.removed_at is null);
--> statement-breakpoint
-- Rows that were written with blanks, dates of 1601 and agents as members are corrected by a full read, not by changes.
UPDATE "rollcall_data"."cursors" SET position = NULL WHERE task IN ('hr-roster', 'application-discovery');
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."tenants"."include_agents" IS 'Whether the accounts of AI agents are in the roster; null if the settings of the environment decide.';
--> statement-breakpoint
COMMENT ON VIEW "rollcall"."hr_roster" IS 'Who works here: one row a user of the tenant who passes its filters (INCLUDE_GUESTS, INCLUDE_AGENTS, DOMAIN_NAMES). Texts are trimmed; a blank text is null.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."hr_roster"."active_date" IS 'The hire date; else the day the account was created. Dates in the years 1 and 1601, which directories keep for "no date", count as none.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."hr_roster"."user_type" IS 'Member, Guest, or Agent (the account of an AI agent, in the roster only if INCLUDE_AGENTS is yes); null on old accounts, which count as members.';
