import { sql, type SQL } from 'drizzle-orm';
import type { Session } from '../database.js';
import { takeTurn } from '../locks/turns.js';

const DAY_MS = 86_400_000;
const HAS_DATE = /_\d{8}$/;

/** A table of schema rollcall_data that is partitioned by day. Days are those of UTC, as `2026-11-21`. */
export type PartitionedTable = 'sign_in_events' | 'access_log';

const nameOf = (table: PartitionedTable, day: string) => `${table}_${day.replaceAll('-', '')}`;

export const partition = (table: PartitionedTable, day: string): SQL =>
  sql`rollcall_data.${sql.identifier(nameOf(table, day))}`;

/** The day of an instant in milliseconds. */
export const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

export const dayAfter = (day: string): string => dayOf(Date.parse(day) + DAY_MS);

/**
 * The day that lies so many days before today, by the earlier of the clocks of this machine and of the database: what is dropped
 * does not come back, so a clock that is months ahead must not decide alone.
 */
export async function daysAgo(db: Session['db'], days: number): Promise<string> {
  const { rows } = await db.execute<{ ms: string }>(sql`select extract(epoch from clock_timestamp()) * 1000 as ms`);
  const now = Math.min(Date.now(), Number(rows[0]?.ms ?? Number.NaN));
  return dayOf(now - days * DAY_MS);
}

/** To be held, until the transaction ends, by whoever makes or drops partitions: two that make the same day would fail. */
export async function lockPartitions(db: Session['db']): Promise<void> {
  await takeTurn(db, 'partitions');
}

/** Makes those partitions that are not there yet. */
export async function createPartitions(
  db: Session['db'],
  table: PartitionedTable,
  days: readonly string[],
): Promise<void> {
  const there = new Set(await partitionsOf(db, table));
  const missing = days.filter((day) => !there.has(day));
  if (missing.length === 0) return;
  await lockPartitions(db);
  for (const day of missing) {
    await db.execute(sql`create table if not exists ${partition(table, day)}
      partition of rollcall_data.${sql.identifier(table)}
      for values from (${sql.raw(`'${day} 00:00:00+00'`)}) to (${sql.raw(`'${dayAfter(day)} 00:00:00+00'`)})`);
  }
}

/** Drops the rows of one day. */
export async function dropPartition(db: Session['db'], table: PartitionedTable, day: string): Promise<void> {
  await lockPartitions(db);
  await db.execute(sql`drop table if exists ${partition(table, day)}`);
}

/** The days that have a partition, the earliest first. */
export async function partitionsOf(db: Session['db'], table: PartitionedTable): Promise<string[]> {
  const { rows } = await db.execute<{ name: string }>(sql`
    select relname as name from pg_inherits join pg_class on pg_class.oid = inhrelid
    where inhparent = ${`rollcall_data.${table}`}::regclass order by 1`);
  return rows
    .map(({ name }) => name)
    .filter((name) => HAS_DATE.test(name))
    .map((name) => name.slice(-8).replace(/(....)(..)(..)/, '$1-$2-$3'));
}
