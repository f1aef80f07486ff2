import type { Pool } from 'pg';

/** Every row of every table that a tenant fills, as text, sorted: by the name of the table. */
export type Snapshot = ReadonlyMap<string, readonly string[]>;

/** What says when or by whom a row was written, instead of what it says. */
const INCIDENTAL = [
  'id',
  'run_id',
  'first_seen_at',
  'changed_at',
  'removed_at',
  'removed_run',
  'moved_at',
  'full_read_at',
  'position',
  'quarantined_at',
];

/** What differs by right: how many runs, requests and commands it took, and what tells one database from another. */
const OTHERS = ['runs', 'access_log', 'operator_actions', 'installation'];

export async function takeSnapshot(pool: Pool): Promise<Snapshot> {
  const { rows: tables } = await pool.query<{ name: string }>(
    `select relname as name from pg_class
     where relnamespace = 'rollcall_data'::regnamespace and relkind in ('r', 'p') and not relispartition
       and relname <> all ($1) order by 1`,
    [OTHERS],
  );
  const snapshot = new Map<string, readonly string[]>();
  for (const { name } of tables) {
    const { rows } = await pool.query<{ row: string }>(
      `select (to_jsonb(t) - $1::text[] || jsonb_build_object('removed', to_jsonb(t) -> 'removed_at' <> 'null'))::text as row
       from rollcall_data.${name} t`,
      [INCIDENTAL],
    );
    snapshot.set(name, rows.map(({ row }) => row).sort());
  }
  return snapshot;
}

export interface Comparison {
  readonly compared: number;
  /** Rows that one has and the other has not, each as often as it is missing. */
  readonly lost: readonly string[];
  readonly surplus: readonly string[];
}

/** Compares cell by cell; a row that is there twice is not the same as a row that is there once. */
export function compare(expected: Snapshot, found: Snapshot): Comparison {
  const names = [...new Set([...expected.keys(), ...found.keys()])];
  const of = (snapshot: Snapshot, name: string) => snapshot.get(name) ?? [];
  return {
    compared: names.reduce((total, name) => total + of(expected, name).length, 0),
    lost: names.flatMap((name) => without(of(expected, name), of(found, name)).map((row) => `${name} ${row}`)),
    surplus: names.flatMap((name) => without(of(found, name), of(expected, name)).map((row) => `${name} ${row}`)),
  };
}

function without(rows: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const row of others) left.set(row, (left.get(row) ?? 0) + 1);
  return rows.filter((row) => {
    const count = left.get(row) ?? 0;
    left.set(row, count - 1);
    return count <= 0;
  });
}
