import { sql, type SQL } from 'drizzle-orm';
import type { Database, Session } from '../database.js';
import { createPartitions, dayAfter, daysAgo, lockPartitions, partition, partitionsOf } from '../sql/day-partitions.js';
import { signInArchive, tenantFacts } from '../schema/index.js';
import { eventAsTotals, samePair, sumOf, TOTALS } from './sign-in-totals.js';

const TABLE = 'sign_in_events';

/** Makes the partitions that staged events need. */
export async function createSignInPartitions(db: Session['db'], staged: SQL): Promise<void> {
  const { rows } = await db.execute<{ day: string }>(
    sql`select distinct (created_at at time zone 'UTC')::date::text as day from ${staged} where left_out is null`,
  );
  await createPartitions(
    db,
    TABLE,
    rows.map(({ day }) => day),
  );
}

/**
 * Drops a tenant's events of days beyond the retention. What they count goes to the archive, so the totals stay as they
 * are; from then on events of those days are never read again.
 */
export async function dropOldSignIns(database: Database, tenantId: string, retentionDays: number): Promise<void> {
  const boundary = await daysAgo(database.db, retentionDays);
  const old = (await partitionsOf(database.db, TABLE)).filter((day) => day < boundary);
  for (const day of old) await database.transaction(({ db }) => archiveDay(db, tenantId, day));
}

async function archiveDay(db: Session['db'], tenantId: string, day: string): Promise<void> {
  await lockPartitions(db);
  // Another worker may have been faster.
  if (!(await partitionsOf(db, TABLE)).includes(day)) return;
  const table = partition(TABLE, day);
  await db.execute(sql`
    create temporary table archived on commit drop as
    ${sumOf(sql`
      select e.tenant_id, ${eventAsTotals('e')} from ${table} e where e.tenant_id = ${tenantId}
      union all
      select a.*, '' from (select ${TOTALS} from ${signInArchive} where tenant_id = ${tenantId}) a
      where exists (select from ${table} e where e.tenant_id = a.tenant_id and ${samePair('e', 'a')})`)}`);
  await db.execute(
    sql`delete from ${signInArchive} a using archived n where a.tenant_id = n.tenant_id and ${samePair('a', 'n')}`,
  );
  await db.execute(sql`insert into ${signInArchive} (${TOTALS}) select * from archived`);
  await db.execute(sql`
    insert into ${tenantFacts} (tenant_id, archived_before) values (${tenantId}, ${`${dayAfter(day)} 00:00:00+00`})
    on conflict (tenant_id) do update set archived_before = greatest(tenant_facts.archived_before, excluded.archived_before)`);
  const others = await db.execute(sql`select from ${table} where tenant_id <> ${tenantId} limit 1`);
  if (others.rows.length === 0) await db.execute(sql`drop table ${table}`);
  else await db.execute(sql`delete from ${table} where tenant_id = ${tenantId}`);
}
