import type { TestDatabase } from './servers/database.js';

/** All there is of the tenants but one, in every table: a fingerprint. */
export const everythingBut = (database: TestDatabase, tenantId: string) =>
  fingerprint(database, { where: `tenant_id <> '${tenantId}'` });

/** All there is of one tenant, in every table: a fingerprint. */
export const everythingOf = (database: TestDatabase, tenantId: string) =>
  fingerprint(database, { where: `tenant_id = '${tenantId}'` });

/**
 * The number of rows and a hash of each table that has rows of tenants.
 * @param options `where`: of the rows; `except`: tables, as `access_log`
 */
export async function fingerprint(
  database: TestDatabase,
  { where = 'true', except = [] }: { where?: string; except?: readonly string[] } = {},
): Promise<Map<string, unknown>> {
  const tables = await database.rows<{ name: string }>(
    `select relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
     where relnamespace = 'rollcall_data'::regnamespace and relkind = 'r' and attname = 'tenant_id' order by 1`,
  );
  const found = new Map<string, unknown>();
  for (const { name } of tables.filter((table) => !except.some((each) => table.name.startsWith(each)))) {
    const [row] = await database.rows(
      `select count(*)::int as rows, md5(string_agg(t::text, '|' order by t::text)) as hash
       from rollcall_data.${name} t where ${where}`,
    );
    found.set(name, row);
  }
  return found;
}

/**
 * The tables that have a row of a tenant. Of the queue's events, which trim themselves, there may be some that name its
 * schedules; what people told Rollcall to do with it outlives it.
 */
export async function tablesWith(database: TestDatabase, tenantId: string): Promise<string[]> {
  const tables = await database.rows<{ name: string }>(`
    select oid::regclass::text as name from pg_class
    where relnamespace::regnamespace::text in ('rollcall_data', 'rollcall_staging', 'bullmq') and relkind = 'r'
      and relname not in ('event', 'operator_actions')`);
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await database.rows(`select from ${name} t where t::text like '%' || $1 || '%' limit 1`, [tenantId]);
    if (rows.length > 0) found.push(name);
  }
  return found;
}
