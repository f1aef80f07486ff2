import { eq, sql } from 'drizzle-orm';
import { pairsOf } from '../access/access-pairs.js';
import { withClient, type Database } from '../database.js';
import { tenants } from '../schema/index.js';
import { dropStaging } from '../landing/staging.js';
import { revokeRole } from './tenant-roles.js';

/** Rows deleted in one transaction: small, so that no one waits for it. */
const BATCH = 5000;

/** Hears how many rows of a table are gone. */
export type OnDeleted = (table: string, rows: number) => void;

export interface DeleteOptions {
  readonly tenantId: string;
  /** Whose staging there may be. */
  readonly tasks: readonly string[];
  readonly onDeleted: OnDeleted;
  /** Aborted to stop between two transactions. */
  readonly signal: AbortSignal;
}

/**
 * Deletes every row of a tenant and of no other, in small transactions: it can be interrupted at any moment and run again.
 * What is written down of the tenant goes last, so that until then everybody knows that it is being removed.
 */
export async function deleteTenantRows(database: Database, options: DeleteOptions): Promise<void> {
  const { tenantId, tasks, onDeleted, signal } = options;
  for (const task of tasks) {
    await database.transaction(({ db }) => dropStaging(db, { tenantId, task }, { except: '' }));
  }
  await database.db.execute(sql`delete from rollcall_staging.checkpoints where tenant_id = ${tenantId}`);
  await database.db.execute(
    sql`delete from rollcall_staging.budgets where starts_with(application, ${`${tenantId}/`})`,
  );
  await database.db.execute(sql`delete from rollcall_staging.turns where name = ${pairsOf(tenantId)}`);
  for (const table of await tablesWithTenants(database)) {
    const rows = await deleteFrom(database, table, { tenantId, signal });
    if (rows > 0) onDeleted(table, rows);
  }
  await database.transaction(async ({ db }) => {
    const [gone] = await db.delete(tenants).where(eq(tenants.tenantId, tenantId)).returning();
    if (gone !== undefined && gone.role !== null) await revokeRole(db, gone.role);
  });
}

/**
 * Found in the catalog, so that a task's new table cannot be forgotten: partitions one by one, runs last. What people told
 * Rollcall to do with the tenant stays, for auditors.
 */
async function tablesWithTenants({ db }: Database): Promise<string[]> {
  const { rows } = await db.execute<{ name: string }>(sql`
    select format('rollcall_data.%I', c.relname) as name
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
    where c.relnamespace = 'rollcall_data'::regnamespace and c.relkind = 'r'
      and c.relname not in ('tenants', 'operator_actions')
    order by c.relname = 'runs', c.relname`);
  return rows.map(({ name }) => name);
}

async function deleteFrom(
  { pool }: Database,
  table: string,
  { tenantId, signal }: Pick<DeleteOptions, 'tenantId' | 'signal'>,
): Promise<number> {
  // A partition may be dropped meanwhile, because its day is over.
  const text = `delete from ${table}
    where ctid = any (array(select ctid from ${table} where tenant_id = $1 limit ${BATCH})) and tenant_id = $1`;
  let deleted = 0;
  for (;;) {
    signal.throwIfAborted();
    const rows = await withClient(pool, async (client) => {
      const { rows: there } = await client.query<{ there: boolean }>('select to_regclass($1) is not null as there', [
        table,
      ]);
      return there[0]?.there === true ? ((await client.query(text, [tenantId])).rowCount ?? 0) : 0;
    });
    deleted += rows;
    if (rows < BATCH) return deleted;
  }
}
