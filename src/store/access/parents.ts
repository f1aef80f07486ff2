import { and, asc, eq, isNotNull, sql } from 'drizzle-orm';
import type { Session } from '../database.js';
import { appRoleAssignments, cursors, discoveredApplications, groupMembers } from '../schema/index.js';
import { stagingTable, type Owner } from '../landing/staging.js';
import { syncTable } from '../landing/sync-table.js';

/** The service principals that people can sign in to, sorted by their id. */
export async function findApplications(db: Session['db'], { tenantId }: Pick<Owner, 'tenantId'>): Promise<string[]> {
  const rows = await db
    .select({ id: discoveredApplications.appInstanceId })
    .from(discoveredApplications)
    .where(and(eq(discoveredApplications.tenantId, tenantId), isNotNull(discoveredApplications.appInstanceId)))
    .orderBy(asc(discoveredApplications.appInstanceId));
  return rows.map(({ id }) => id);
}

/**
 * The groups that are assigned to anything, sorted by their id: as this run has read it, and as it was known of what it
 * could not read: applications that are skipped, and assignments in quarantine. One there whose id could not be
 * read may be any, so that all stay known.
 */
export async function findAssignedGroups(db: Session['db'], owner: Owner): Promise<string[]> {
  const staged = stagingTable(syncTable(appRoleAssignments), owner.id);
  const { rows } = await db.execute<{ id: string }>(sql`
    select principal_id as id from ${staged} where left_out is null and principal_type = 'Group' and principal_id is not null
    union
    select a.principal_id from ${appRoleAssignments} a join ${staged} s
      on s.left_out = 'skipped' and s.app_instance_id = a.app_instance_id
      or s.left_out = 'quarantined' and (s.assignment_id = a.assignment_id or s.assignment_id is null)
    where a.tenant_id = ${owner.tenantId} and a.removed_at is null and a.principal_type = 'Group' and a.principal_id is not null
    order by id`);
  return rows.map(({ id }) => id);
}

/** Of some applications those that application-discovery has still found after a moment, an instant for each. */
export async function findListedApplications(
  db: Session['db'],
  { tenantId }: Pick<Owner, 'tenantId'>,
  since: ReadonlyMap<string, string>,
): Promise<string[]> {
  const { rows } = await db.execute<{ id: string }>(sql`
    select s.key as id
    from jsonb_each_text(${JSON.stringify(Object.fromEntries(since))}::jsonb) s
    join ${discoveredApplications} a on a.tenant_id = ${tenantId} and a.app_instance_id = s.key::uuid
    where exists (select from ${cursors} c where c.tenant_id = ${tenantId} and c.task = 'application-discovery'
      and c.resource = '/servicePrincipals' and c.moved_at > s.value::timestamptz)`);
  return rows.map(({ id }) => id);
}

/** Of some groups those that this run has met among the members of another, whatever became of the item. */
export async function findNestedGroups(
  db: Session['db'],
  { id }: Pick<Owner, 'id'>,
  since: ReadonlyMap<string, string>,
): Promise<string[]> {
  const ids = JSON.stringify([...since.keys()]);
  const { rows } = await db.execute<{ id: string }>(sql`
    select distinct member_id as id from ${stagingTable(syncTable(groupMembers), id)}
    where member_id in (select g::uuid from jsonb_array_elements_text(${ids}::jsonb) g)`);
  return rows.map(({ id }) => id);
}

/** The groups that are assigned to anything, as the last run left it. */
export async function findKnownGroups(db: Session['db'], { tenantId }: Pick<Owner, 'tenantId'>): Promise<string[]> {
  const { rows } = await db.execute<{ id: string }>(sql`
    select distinct principal_id as id from ${appRoleAssignments}
    where tenant_id = ${tenantId} and removed_at is null and principal_type = 'Group' and principal_id is not null`);
  return rows.map(({ id }) => id);
}
