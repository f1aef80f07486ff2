import { sql, type SQL } from 'drizzle-orm';
import type { Session } from '../database.js';
import { ofTenant } from '../sql/of-tenant.js';
import { diffTable } from '../landing/diff.js';
import { appRoleAssignments, groupMembers, ssoGrants } from '../schema/index.js';
import { createUnlogged, type Owner } from '../landing/staging.js';
import { refreshStatistics } from '../sql/statistics.js';
import { syncTable } from '../landing/sync-table.js';
import { lastLoginsOf, lockPairs, markAssigned } from './access-pairs.js';

const ASSIGNMENTS = syncTable(appRoleAssignments);
const MEMBERS = syncTable(groupMembers);

/**
 * Works out anew who may use the applications that a run has touched, after its rows are merged and before its
 * differences are cleared away. What stays as it was is not written.
 */
export async function refreshGrants(db: Session['db'], owner: Owner): Promise<void> {
  await lockPairs(db, owner.tenantId);
  const touched = own(owner, 'touched_applications');
  const granted = own(owner, 'granted');
  await createUnlogged(db, touched, touchedApplications(owner));
  await db.execute(sql`analyze ${touched}`);
  await createUnlogged(db, granted, grantsOf(owner, touched));
  await db.execute(sql`analyze ${granted}`);
  const removed = await db.execute(sql`
    delete from ${ssoGrants} g using ${touched} t
    where g.tenant_id = ${ofTenant(owner.tenantId)} and g.app_instance_id = t.app_instance_id and not exists (
      select from ${granted} n where n.app_instance_id = g.app_instance_id and n.user_id = g.user_id)`);
  const written = await db.execute(sql`
    insert into ${ssoGrants} as g (tenant_id, app_instance_id, user_id, active_date, assigned_directly, via_groups, last_login)
    select ${owner.tenantId}::uuid, n.*, l.last_login
    from ${granted} n
    left join (${lastLoginsOf(owner.tenantId, touched)}) l on l.app_instance_id = n.app_instance_id and l.user_id = n.user_id
    on conflict (tenant_id, app_instance_id, user_id) do update
    set active_date = excluded.active_date, assigned_directly = excluded.assigned_directly, via_groups = excluded.via_groups,
        last_login = excluded.last_login
    where (g.active_date, g.assigned_directly, g.via_groups, g.last_login)
          is distinct from (excluded.active_date, excluded.assigned_directly, excluded.via_groups, excluded.last_login)`);
  await markAssigned(db, owner.tenantId, touched);
  await refreshStatistics(db, sql`${ssoGrants}`, (removed.rowCount ?? 0) + (written.rowCount ?? 0));
}

const own = ({ id }: Owner, what: string): SQL => sql`rollcall_staging.${sql.identifier(`${what}_${id}`)}`;

/** Those with another assignment than before, or with a group that has other members. */
const touchedApplications = ({ id, tenantId }: Owner) => sql`
  select app_instance_id from ${diffTable(ASSIGNMENTS, id)}
  union
  select a.app_instance_id from ${diffTable(MEMBERS, id)} d join ${appRoleAssignments} a on a.principal_id = d.group_id
  where a.tenant_id = ${ofTenant(tenantId)} and a.removed_at is null`;

// A group's id is never a user's, so one list serves both ways: whoever joins to a user is one.
const grantsOf = ({ tenantId }: Owner, touched: SQL) => sql`
  select app_instance_id, user_id, min(assigned_at) as active_date, bool_or(group_id is null) as assigned_directly,
         coalesce(array_agg(distinct group_id order by group_id) filter (where group_id is not null), '{}') as via_groups
  from (
    select a.app_instance_id, a.principal_id as user_id, null::uuid as group_id, a.assigned_at
    from ${appRoleAssignments} a join ${touched} t on t.app_instance_id = a.app_instance_id
    where a.tenant_id = ${ofTenant(tenantId)} and a.removed_at is null and a.principal_id is not null
    union all
    select a.app_instance_id, m.member_id, m.group_id, a.assigned_at
    from ${appRoleAssignments} a
    join ${touched} t on t.app_instance_id = a.app_instance_id
    join ${groupMembers} m on m.tenant_id = a.tenant_id and m.group_id = a.principal_id and m.removed_at is null
    where a.tenant_id = ${ofTenant(tenantId)} and a.removed_at is null
  ) grants
  group by app_instance_id, user_id`;
