import type { TestDatabase } from '../support/servers/database.js';
import type { TaskName } from './fault-case.js';

export type Row = Readonly<Record<string, unknown>>;
/** The rows of every table, by the task that writes them. */
export type Snapshot = Readonly<Record<string, Readonly<Record<string, readonly Row[]>>>>;

const TASK_OF: Readonly<Record<string, TaskName>> = {
  users: 'hr-roster',
  service_principals: 'application-discovery',
  organizations: 'application-discovery',
  app_role_assignments: 'sso-roster',
  group_members: 'sso-roster',
  sso_grants: 'sso-roster',
  sign_in_events: 'sso-access',
  sign_in_totals: 'sso-access',
  sign_in_archive: 'sso-access',
  tenant_facts: 'sso-access',
};

// They differ from run to run, or with how it read. That a row is equal shows in its cells, not in their hash.
const VOLATILE = new Set(['id', 'run_id', 'removed_run', 'last_run', 'position', 'full_read_at', 'row_hash']);
/** What is kept in step with the rows of another task, which may have landed or not; `requireKeptInStep` looks at it. */
const OF_OTHERS: Readonly<Record<string, string>> = { sso_grants: 'last_login', sign_in_totals: 'assigned' };
/** Of moments only this is comparable: whether they are those of the read before. */
const MOMENTS = new Set(['first_seen_at', 'changed_at', 'removed_at', 'moved_at', 'quarantined_at']);

/** Every cell of every table with rows of a tenant. @param boundary the end of the read before */
export async function takeSnapshot(database: TestDatabase, boundary: number): Promise<Snapshot> {
  const tables = await database.rows<{ name: string }>(`
    select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
    where c.relnamespace = 'rollcall_data'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and c.relname not in ('runs', 'access_log', 'operator_actions') order by c.relname`);
  const snapshot: Record<string, Record<string, Row[]>> = {};
  for (const { name } of tables) {
    for (const { row } of await database.rows<{ row: Row }>(`select to_jsonb(t) as row from rollcall_data.${name} t`)) {
      const written = typeof row['task'] === 'string' ? row['task'] : TASK_OF[name];
      const task = written ?? `the task that writes ${name}`;
      ((snapshot[task] ??= {})[name] ??= []).push(comparable(name, row, boundary));
    }
  }
  return snapshot;
}

function comparable(table: string, row: Row, boundary: number): Row {
  return Object.fromEntries(
    Object.entries(row)
      .filter(([name]) => !VOLATILE.has(name) && name !== OF_OTHERS[table])
      .map(([name, cell]) => {
        if (!MOMENTS.has(name) || typeof cell !== 'string') return [name, cell];
        return [name, Date.parse(cell) <= boundary ? 'before' : 'since'];
      }),
  );
}

const KEYS: Readonly<Record<string, readonly string[]>> = {
  users: ['user_id'],
  service_principals: ['app_instance_id'],
  organizations: ['organization_id'],
  app_role_assignments: ['assignment_id'],
  group_members: ['group_id', 'member_id'],
  sso_grants: ['app_instance_id', 'user_id'],
  sign_in_events: ['event_id'],
  sign_in_totals: ['user_id', 'application_id', 'anonymized'],
  cursors: ['resource'],
  changes: ['table_name', 'row_key', 'kind'],
};

export const keyOf = (table: string, row: Row): string =>
  JSON.stringify((KEYS[table] ?? Object.keys(row)).map((name) => row[name]));

export interface Comparison {
  /** Rows that should be live and are not. */
  readonly lost: number;
  /** Every difference in words, lost rows included. */
  readonly differences: readonly string[];
}

type Tables = Snapshot[string];

/** Cell by cell. */
export function compare(expected: Tables = {}, actual: Tables = {}): Comparison {
  const differences: string[] = [];
  let lost = 0;
  for (const table of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
    const found = new Map((actual[table] ?? []).map((row) => [keyOf(table, row), row]));
    for (const row of expected[table] ?? []) {
      const key = keyOf(table, row);
      const other = found.get(key);
      found.delete(key);
      const isLive = row['removed_at'] === undefined || row['removed_at'] === null;
      if (isLive && (other === undefined || (other['removed_at'] ?? null) !== null)) lost += 1;
      if (other === undefined) differences.push(`${table} lacks ${key}`);
      else differences.push(...differingCells(row, other).map((cell) => `${table} ${key}: ${cell}`));
    }
    for (const key of found.keys()) differences.push(`${table} has ${key}, which it should not`);
  }
  return { lost, differences };
}

function differingCells(expected: Row, actual: Row): string[] {
  const show = (cell: unknown) => (JSON.stringify(cell) ?? 'nothing').slice(0, 80);
  return [...new Set([...Object.keys(expected), ...Object.keys(actual)])]
    .filter((name) => JSON.stringify(expected[name]) !== JSON.stringify(actual[name]))
    .map((name) => `${name} is ${show(actual[name])}, not ${show(expected[name])}`);
}
