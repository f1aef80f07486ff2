import { sql, type SQL } from 'drizzle-orm';
import type { Database, Session } from './database.js';
import { signInArchive, signInEvents, tenantFacts } from './schema/index.js';
import { eventAsTotals, sumOf, TOTALS } from './sign-in-totals.js';

// One at a time makes or drops partitions: two that make the same day would fail.
const LOCK = 7_265_512;

type Day = Record<'day', string>;

const partition = (day: string): SQL =>
  sql`rollcall_data.${sql.identifier(`sign_in_events_${day.replaceAll('-', '')}`)}`;

/** Makes the partitions that staged events need. Days are those of UTC. */
export async function createPartitions(db: Session['db'], staged: SQL): Promise<void> {
  const { rows } = await db.execute<Day & { exists: boolean }>(sql`
    select day::text, to_regclass('rollcall_data.sign_in_events_' || to_char(day, 'YYYYMMDD')) is not null as exists
    from (select distinct (created_at at time zone 'UTC')::date as day from ${staged} where left_out is null) days`);
  const missing = rows.filter(({ exists }) => !exists);
  if (missing.length === 0) return;
  await db.execute(sql`select pg_advisory_xact_lock(${LOCK})`);
  for (const { day } of missing) {
    await db.execute(sql`create table if not exists ${partition(day)} partition of ${signInEvents}
      for values from (${sql.raw(`'${day} 00:00:00+00'`)}) to (${sql.raw(`'${nextDay(day)} 00:00:00+00'`)})`);
  }
}

const nextDay = (day: string) => new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);

/**
 * Drops a tenant's events of days beyond the retention. What they count goes to the archive, so the totals stay as they
 * are; from then on events of those days are never read again.
 */
export async function dropOldSignIns(database: Database, tenantId: string, retentionDays: number): Promise<void> {
  const boundary = new Date(Date.now() - retentionDays * 86_400_000).toISOString().slice(0, 10);
  // Compared as text: the planner may look at the name of every table there is before it knows which are partitions.
  const { rows } = await database.db.execute<Day>(sql`
    select to_date(right(relname, 8), 'YYYYMMDD')::text as day
    from pg_inherits join pg_class on pg_class.oid = inhrelid
    where inhparent = 'rollcall_data.sign_in_events'::regclass and right(relname, 8) < ${boundary.replaceAll('-', '')}
    order by 1`);
  for (const { day } of rows) await database.transaction(({ db }) => archiveDay(db, tenantId, day));
}

async function archiveDay(db: Session['db'], tenantId: string, day: string): Promise<void> {
  await db.execute(sql`select pg_advisory_xact_lock(${LOCK})`);
  const table = partition(day);
  const { rows } = await db.execute<{ exists: boolean }>(
    sql`select to_regclass(${`rollcall_data.sign_in_events_${day.replaceAll('-', '')}`}) is not null as exists`,
  );
  if (rows[0]?.exists !== true) return;
  await db.execute(sql`
    create temporary table archived on commit drop as
    ${sumOf(sql`
      select e.tenant_id, ${eventAsTotals('e')} from ${table} e where e.tenant_id = ${tenantId}
      union all
      select a.*, '' from (select ${TOTALS} from ${signInArchive} where tenant_id = ${tenantId}) a
      where exists (select from ${table} e where e.tenant_id = a.tenant_id and e.user_id = a.user_id
        and e.application_id = a.application_id and e.anonymized = a.anonymized)`)}`);
  await db.execute(sql`delete from ${signInArchive} a using archived n where a.tenant_id = n.tenant_id and a.user_id = n.user_id
    and a.application_id = n.application_id and a.anonymized = n.anonymized`);
  await db.execute(sql`insert into ${signInArchive} (${TOTALS}) select * from archived`);
  await db.execute(sql`
    insert into ${tenantFacts} (tenant_id, archived_before) values (${tenantId}, ${`${nextDay(day)} 00:00:00+00`})
    on conflict (tenant_id) do update set archived_before = greatest(tenant_facts.archived_before, excluded.archived_before)`);
  const others = await db.execute(sql`select from ${table} where tenant_id <> ${tenantId} limit 1`);
  if (others.rows.length === 0) await db.execute(sql`drop table ${table}`);
  else await db.execute(sql`delete from ${table} where tenant_id = ${tenantId}`);
}
