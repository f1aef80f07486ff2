import { sql } from 'drizzle-orm';
import { boolean, check, text, uuid } from 'drizzle-orm/pg-core';
import { CLOUD_NAMES } from '../../settings/clouds.js';
import { CREDENTIAL_KINDS } from '../../settings/credential.js';
import { perSchedule } from '../../settings/schedules.js';
import { oneOf } from './one-of.js';
import { contract, data } from './schemas.js';
import { instant } from './sync-columns.js';

/** The registered tenants: how each is read, and where its secret is. Never the secret. */
export const tenants = data.table(
  'tenants',
  {
    name: text('name').notNull().unique(),
    tenantId: uuid('tenant_id').primaryKey(),
    /** Empty for a system-assigned managed identity. */
    clientId: text('client_id').notNull(),
    credential: text('credential', { enum: CREDENTIAL_KINDS }).notNull(),
    /** `env:NAME` or `file:/path`. */
    secretRef: text('secret_ref'),
    passwordRef: text('password_ref'),
    /** Null: the hosts of the environment. */
    cloud: text('cloud', { enum: CLOUD_NAMES }),
    includeGuests: boolean('include_guests').notNull(),
    includeAgents: boolean('include_agents').notNull().default(false),
    domainNames: text('domain_names').array().notNull(),
    /** Null: the schedule of the environment. */
    ...perSchedule('column', ({ field }) => text(field)),
    scheduleTimeZone: text('schedule_time_zone'),
    /** A database role that sees this tenant's rows and no others. */
    role: text('role').unique(),
    disabledAt: instant('disabled_at'),
    /** Set while it is being removed: no worker reads it, and `tenants remove` can be run again. */
    removingAt: instant('removing_at'),
    createdAt: instant('created_at').notNull().defaultNow(),
    changedAt: instant('changed_at').notNull().defaultNow(),
  },
  (table) => [
    check('tenants_credential', oneOf(table.credential, CREDENTIAL_KINDS)),
    // A last bar before a secret in the wrong place.
    check('tenants_secret_ref', sql`${table.secretRef} ~ '^(env|file):'`),
    check('tenants_password_ref', sql`${table.passwordRef} ~ '^(env|file):'`),
  ],
);

export const tenantsView = contract
  .view('tenants', {
    tenantId: uuid('tenant_id'),
    name: text('name'),
    organization: text('organization'),
    cloud: text('cloud'),
    includeGuests: boolean('include_guests'),
    domainNames: text('domain_names').array(),
    disabledAt: instant('disabled_at'),
    createdAt: instant('created_at'),
    changedAt: instant('changed_at'),
    // Last, because a view that is replaced keeps the order of its columns, and what was granted on it.
    includeAgents: boolean('include_agents'),
  })
  .as(
    sql`select known.tenant_id, coalesce(t.name, o.display_name) as name, o.display_name as organization, t.cloud,
       t.include_guests, t.domain_names, t.disabled_at, t.created_at, t.changed_at, t.include_agents
from (select tenant_id from rollcall_data.tenants union select tenant_id from rollcall_data.runs) known
left join rollcall_data.tenants t on t.tenant_id = known.tenant_id
left join rollcall_data.organizations o
  on o.tenant_id = known.tenant_id and o.organization_id = known.tenant_id and o.removed_at is null`,
  );
