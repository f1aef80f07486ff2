import { sql, type SQL } from 'drizzle-orm';
import type { Session } from '../database.js';
import { ofTenant } from '../sql/of-tenant.js';
import { takeTurn } from '../locks/turns.js';
import { servicePrincipals, signInTotals, ssoGrants } from '../schema/index.js';

// A grant knows the last login of its user, and a total of sign-ins whether its user is assigned: to join a million of these
// with a million of those takes an analyst seconds. Whoever changes one of the two tables keeps the other in step, in the same
// transaction.

export const pairsOf = (tenantId: string) => `pairs ${tenantId}`;

/** Lets one transaction at a time change a tenant's grants or totals: each must see what the other has committed. */
export async function lockPairs(db: Session['db'], tenantId: string): Promise<void> {
  await takeTurn(db, pairsOf(tenantId));
}

/** Whether the user of a row is granted its application; the row's ids are those of sign-ins. */
export const isAssigned = (row: string): SQL => sql`exists (
  select from ${ssoGrants} g
  join ${servicePrincipals} p on p.tenant_id = g.tenant_id and p.app_instance_id = g.app_instance_id
  where g.tenant_id = ${sql.raw(row)}.tenant_id and p.application_id = ${sql.raw(row)}.application_id
    and g.user_id = ${sql.raw(row)}.user_id and not ${sql.raw(row)}.anonymized)`;

/** The last login of each user in each of these applications. @param touched rows with an `app_instance_id` */
export const lastLoginsOf = (tenantId: string, touched: SQL): SQL => sql`
  select p.app_instance_id, t.user_id, t.last_login
  from ${touched} a
  join ${servicePrincipals} p on p.tenant_id = ${ofTenant(tenantId)} and p.app_instance_id = a.app_instance_id
  join ${signInTotals} t on t.tenant_id = p.tenant_id and t.application_id = p.application_id and not t.anonymized`;

/** After grants have changed. @param touched rows with an `app_instance_id` */
export async function markAssigned(db: Session['db'], tenantId: string, touched: SQL): Promise<void> {
  await db.execute(sql`
    update ${signInTotals} t set assigned = not t.assigned
    where t.tenant_id = ${ofTenant(tenantId)} and t.application_id in (
        select p.application_id from ${touched} a
        join ${servicePrincipals} p on p.tenant_id = ${ofTenant(tenantId)} and p.app_instance_id = a.app_instance_id)
      and t.assigned <> ${isAssigned('t')}`);
}

/** After totals have changed. @param touched rows with a `user_id`, an `application_id` and `anonymized` */
export async function noteLastLogins(db: Session['db'], tenantId: string, touched: SQL): Promise<void> {
  await db.execute(sql`
    update ${ssoGrants} g set last_login = t.last_login
    from ${touched} a
    join ${servicePrincipals} p on p.tenant_id = ${ofTenant(tenantId)} and p.application_id = a.application_id
    left join ${signInTotals} t on t.tenant_id = p.tenant_id and t.application_id = a.application_id and t.user_id = a.user_id
      and not t.anonymized
    where not a.anonymized and g.tenant_id = p.tenant_id and g.app_instance_id = p.app_instance_id and g.user_id = a.user_id
      and g.last_login is distinct from t.last_login`);
}
