import { and, desc, eq, sql } from 'drizzle-orm';
import type { Database, Session } from '../database.js';
import { quarantine } from '../schema/index.js';
import { stagingTable } from './staging.js';
import { list, type SyncTable } from './sync-table.js';

export interface QuarantineOptions {
  readonly tenantId: string;
  readonly task: string;
  readonly resource: string;
  readonly runId: string;
  /** After a whole read, everything that lay there; after a part of one, what that part met again. */
  readonly clear: 'all' | 'met';
}

/** What could not be read this time takes the place of what could not be read last time. */
export async function quarantineStaged(db: Session['db'], table: SyncTable, options: QuarantineOptions): Promise<void> {
  const { tenantId, task, resource, runId, clear } = options;
  const staged = stagingTable(table, runId);
  const itemId = sql`nullif(concat_ws(' ', ${list(table.key, 's')}), '')`;
  const cleared = clear === 'all' ? sql`true` : sql`item_id is null or item_id in (select ${itemId} from ${staged} s)`;
  await db.execute(sql`delete from ${quarantine}
    where tenant_id = ${tenantId} and task = ${task} and resource = ${resource} and (${cleared})`);
  await db.execute(sql`
    insert into ${quarantine} (tenant_id, task, resource, run_id, item_id, reason, item, quarantined_at)
    select ${tenantId}::uuid, ${task}, ${resource}, ${runId}::uuid, ${itemId}, s.note, s.item, now()
    from ${staged} s where s.left_out = 'quarantined'`);
}

export type QuarantinedItem = typeof quarantine.$inferSelect;

export interface QuarantineFilter {
  readonly tenantId?: string | undefined;
  readonly task?: string | undefined;
  readonly runId?: string | undefined;
  readonly limit: number;
}

/** What lies in quarantine, the newest first. */
export async function listQuarantine(database: Database, filter: QuarantineFilter): Promise<QuarantinedItem[]> {
  const { tenantId, task, runId, limit } = filter;
  return database.db
    .select()
    .from(quarantine)
    .where(
      and(
        tenantId === undefined ? undefined : eq(quarantine.tenantId, tenantId),
        task === undefined ? undefined : eq(quarantine.task, task),
        runId === undefined ? undefined : eq(quarantine.runId, runId),
      ),
    )
    .orderBy(desc(quarantine.id))
    .limit(limit);
}

export async function findQuarantined(database: Database, id: number): Promise<QuarantinedItem | undefined> {
  const [found] = await database.db.select().from(quarantine).where(eq(quarantine.id, id));
  return found;
}
