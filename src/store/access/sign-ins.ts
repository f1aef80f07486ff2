import { sql, type SQL } from 'drizzle-orm';
import type { Database, Session } from '../database.js';
import { ofTenant } from '../sql/of-tenant.js';
import { signInArchive, signInEvents, signInTotals, tenantFacts } from '../schema/index.js';
import { eachRow, type OnDifferences } from '../landing/differences.js';
import { stagingTable, type Owner } from '../landing/staging.js';
import { json, type SyncTable } from '../landing/sync-table.js';
import { isAssigned, lockPairs, noteLastLogins } from './access-pairs.js';
import { createSignInPartitions } from './sign-in-partitions.js';
import { addition, eventAsTotals, samePair, sumOf, TOTALS, totalsOf } from './sign-in-totals.js';

export interface SignInCounts {
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
}

/**
 * Lands the staged events of one window: upserts them by id, and brings the totals that they touch up to date. An event that
 * comes again changed replaces what it counted before: the total of its user in its application is made anew, from all their
 * events and the archive of those that were dropped.
 */
export async function mergeSignIns(db: Session['db'], table: SyncTable, owner: Owner): Promise<SignInCounts> {
  const { tenantId } = owner;
  const staged = stagingTable(table, owner.id);
  // Before the lock on partitions, which all tenants share: nobody waits for another tenant's grants.
  await lockPairs(db, tenantId);
  await db.execute(sql`set local work_mem = '64MB'`);
  await db.execute(sql`delete from ${staged} earlier using ${staged} later
    where earlier.event_id = later.event_id and earlier.seq < later.seq`);
  // What is in the archive is counted for ever, and would be counted twice.
  await db.execute(sql`delete from ${staged} s using ${tenantFacts} f
    where f.tenant_id = ${ofTenant(tenantId)} and s.created_at < f.archived_before`);
  await createSignInPartitions(db, staged);
  await db.execute(sql`analyze ${staged}`);
  const [counts] = await findDifferences(db, staged, tenantId);
  await db.execute(sql`delete from ${signInEvents} e using differing d
    where e.tenant_id = ${ofTenant(tenantId)} and e.event_id = d.event_id and e.created_at = d.old_created_at`);
  await db.execute(sql`
    insert into ${signInEvents} (tenant_id, event_id, created_at, user_id, user_principal_name, application_id, application_name,
      error_code, interrupted, location, anonymized, pseudonym, row_hash)
    select ${tenantId}::uuid, s.event_id, s.created_at, s.user_id, s.user_principal_name, s.application_id, s.application_name,
      s.error_code, s.interrupted, s.location, s.anonymized, s.pseudonym, s.row_hash
    from ${staged} s join differing d on d.seq = s.seq`);
  await addUp(db, staged, tenantId);
  return {
    added: Number(counts?.added ?? 0),
    changed: Number(counts?.changed ?? 0),
    unchanged: Number(counts?.unchanged ?? 0),
  };
}

/**
 * Finds events that are new or changed. Their ids are looked up within a day of the window, not in all partitions: the moment
 * of a sign-in is a fact that a later correction does not move by days. And they are looked up one by one, by the primary key:
 * of partitions that were filled a moment ago Postgres knows too little to choose that by itself.
 */
async function findDifferences(db: Session['db'], staged: SQL, tenantId: string) {
  const span = await db.execute<{ first: string | null; last: string | null }>(
    sql`select min(created_at) - interval '1 day' as first, max(created_at) + interval '1 day' as last from ${staged}`,
  );
  const { first = null, last = null } = span.rows[0] ?? {};
  await db.execute(sql`drop table if exists differing`);
  await db.execute(sql`
    create temporary table differing on commit drop as
    select s.seq, s.event_id, e.created_at as old_created_at, e.user_id as old_user_id, e.application_id as old_application_id,
           e.anonymized as old_anonymized, e.pseudonym as old_pseudonym
    from ${staged} s
    left join lateral (
      select * from ${signInEvents} e
      where e.tenant_id = ${ofTenant(tenantId)} and e.event_id = s.event_id
        and e.created_at between ${first}::timestamptz and ${last}::timestamptz
      limit 1) e on true
    where s.left_out is null and (e.row_hash is null or e.row_hash <> s.row_hash or e.created_at <> s.created_at)`);
  const { rows } = await db.execute<Record<keyof SignInCounts, string>>(sql`
    select count(*) filter (where old_created_at is null) as added,
           count(*) filter (where old_created_at is not null) as changed,
           (select count(*) from ${staged} where left_out is null) - count(*) as unchanged
    from differing`);
  return rows;
}

/** Hands over what the last merge of this transaction has added and changed. */
export async function eachSignInDifference(
  db: Session['db'],
  { table, owner }: { readonly table: SyncTable; readonly owner: Owner },
  onRows: OnDifferences,
): Promise<void> {
  const found = sql`
    select case when d.old_created_at is null then 'added' else 'changed' end as kind, null::text as reason,
           jsonb_build_object('event_id', s.event_id) as row_key, null::jsonb as before, ${json(table.content, 's')} as after
    from ${stagingTable(table, owner.id)} s join differing d on d.seq = s.seq`;
  await eachRow(db, found, onRows);
}

async function addUp(db: Session['db'], staged: SQL, tenantId: string): Promise<void> {
  await findTouched(db, staged, tenantId);
  await addUpAnew(db, tenantId);
  await addNew(db, staged, tenantId);
  await noteLastLogins(db, tenantId, sql`touched`);
}

/**
 * The pairs that the window touches. Where it only adds events, their sum is added to the total; it is made anew from all
 * events where one has changed, and where one is as late as the latest that is known, of which only its id could tell which
 * is the later.
 */
async function findTouched(db: Session['db'], staged: SQL, tenantId: string): Promise<void> {
  await db.execute(sql`drop table if exists touched`);
  await db.execute(sql`
    create temporary table touched on commit drop as
    select user_id, application_id, anonymized, pseudonym, bool_or(anew) as anew from (
      select s.user_id, s.application_id, s.anonymized, s.pseudonym,
             d.old_created_at is not null or coalesce(s.created_at in (t.last_sign_in, t.last_login), false) as anew
      from ${staged} s
      join differing d on d.seq = s.seq
      left join ${signInTotals} t on t.tenant_id = ${ofTenant(tenantId)} and ${samePair('t', 's')}
      union all
      select old_user_id, old_application_id, old_anonymized, old_pseudonym, true from differing where old_created_at is not null) pairs
    group by user_id, application_id, anonymized, pseudonym`);
  await db.execute(sql`analyze touched`);
}

async function addUpAnew(db: Session['db'], tenantId: string): Promise<void> {
  await db.execute(sql`delete from ${signInTotals} t using touched p
    where p.anew and t.tenant_id = ${ofTenant(tenantId)} and ${samePair('t', 'p')}`);
  await db.execute(
    insertTotals(sql`
      select e.tenant_id, ${eventAsTotals('e')} from ${signInEvents} e join touched p on p.anew and ${samePair('e', 'p')}
      where e.tenant_id = ${ofTenant(tenantId)}
      union all
      select ${totalsOf('a')}, '' from ${signInArchive} a join touched p on p.anew and ${samePair('a', 'p')}
      where a.tenant_id = ${ofTenant(tenantId)}`),
  );
}

async function addNew(db: Session['db'], staged: SQL, tenantId: string): Promise<void> {
  await db.execute(sql`
    ${insertTotals(sql`
      select ${tenantId}::uuid as tenant_id, ${eventAsTotals('s')}
      from ${staged} s join differing d on d.seq = s.seq join touched p on not p.anew and ${samePair('s', 'p')}`)}
    on conflict (tenant_id, application_id, user_id, anonymized, pseudonym) do update set ${addition('t')}`);
}

const insertTotals = (parts: SQL): SQL => sql`
  insert into ${signInTotals} as t (${TOTALS}, assigned)
  select ${TOTALS}, ${isAssigned('total')} from (${sumOf(parts)}) total`;

/** For the planner, after windows of events: their totals grow by much on a first run, and by little on others. */
export async function analyzeSignIns({ db }: Database): Promise<void> {
  await db.execute(sql`analyze ${signInTotals}`);
}
