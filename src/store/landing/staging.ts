import { once } from 'node:events';
import { and, eq, sql, type SQL } from 'drizzle-orm';
import { from as copyFrom } from 'pg-copy-streams';
import { hash } from 'node:crypto';
import type { Database, Session } from '../database.js';
import { checkpoints, runs, type SkipReason } from '../schema/index.js';
import { copyCells, copyLine } from '../sql/copy-text.js';
import { TakenOver } from '../runs/taken-over.js';
import { quarantinedText } from './quarantined-text.js';
import { list, type Cells, type SyncTable } from './sync-table.js';

/**
 * What becomes of an item, in staging: a row; or a mark that it was met and left out, so that its absence is not taken
 * for its removal.
 */
export type Staged =
  | { readonly kind: 'row'; readonly row: Cells }
  | {
      readonly kind: 'filtered';
      readonly filter: string;
      readonly key: Cells;
      /** What Graph must have told so that the filter is right, whatever it left out; all that is read, unless given. */
      readonly restsOn?: readonly string[] | undefined;
    }
  /** Graph says that it is gone. */
  | { readonly kind: 'removed'; readonly key: Cells }
  /** `key` is null where even the id could not be read. */
  | { readonly kind: 'quarantined'; readonly reason: string; readonly item: unknown; readonly key: Cells | null }
  /** Not an item but a parent whose children could not be read: what is known of it is not swept. */
  | { readonly kind: 'skipped'; readonly parent: Cells; readonly reason: SkipReason }
  /** Graph names it and does not show it: its row stays as it is. */
  | { readonly kind: 'unproven'; readonly key: Cells };

export const stagingTable = (table: SyncTable, runId: string): SQL =>
  sql`rollcall_staging.${sql.identifier(`${table.name}_${runId}`)}`;

/** Whose staging it is. A dry run has no row in `runs`; a run that has keeps its staging until a later one starts. */
export interface Owner {
  readonly id: string;
  readonly attempt: number;
  readonly tenantId: string;
  readonly task: string;
}

/**
 * Takes up the staging of a run: as it was left, with the checkpoint it was left at, or empty.
 * @returns the checkpoint's state, or undefined where the run starts from its beginning
 */
export async function openStaging(database: Database, owner: Owner, tables: readonly SyncTable[]): Promise<unknown> {
  return database.transaction(async ({ db }) => {
    const [kept] = await db
      .update(checkpoints)
      .set({ attempt: owner.attempt })
      .where(eq(checkpoints.runId, owner.id))
      .returning({ state: checkpoints.state });
    if (kept !== undefined) return kept.state;
    await createStaging(db, owner, tables);
    const { id: runId, attempt, tenantId, task } = owner;
    await db.insert(checkpoints).values({ runId, attempt, tenantId, task, state: {} });
    return undefined;
  });
}

/** Throws away what was read into some tables, so that they can be read again from their start. */
export async function resetStaging(
  database: Database,
  owner: Owner,
  reset: { tables: readonly SyncTable[]; checkpoint: object },
) {
  await database.transaction(async ({ db }) => {
    await moveCheckpoint(db, owner, reset.checkpoint);
    await createStaging(db, owner, reset.tables);
  });
}

/** Moves the checkpoint without a page. */
export async function saveCheckpoint(database: Database, owner: Owner, state: object): Promise<void> {
  await moveCheckpoint(database.db, owner, state);
}

/** Empties the staging of one table within the transaction that landed it. */
export async function emptyStaging(
  db: Session['db'],
  owner: Owner,
  table: SyncTable,
  checkpoint: object,
): Promise<void> {
  await moveCheckpoint(db, owner, checkpoint);
  await db.execute(sql`truncate ${stagingTable(table, owner.id)}`);
}

/** Empty tables for the pages of a run. */
export async function createStaging(db: Session['db'], owner: Owner, tables: readonly SyncTable[]): Promise<void> {
  for (const table of tables) {
    await createUnlogged(
      db,
      stagingTable(table, owner.id),
      sql`select 0::bigint as seq, null::text as left_out, null::text as note, null::jsonb as item,
                 ${list([...table.key, ...table.content])}, row_hash
          from ${table.sql} with no data`,
    );
  }
}

/**
 * A table of a run's own. Its name says which run's, so that a later one can clear it away; whose run that is stands in
 * `checkpoints` and `runs` alone, because every role of the database may read names and comments.
 */
export async function createUnlogged(db: Session['db'], name: SQL, query: SQL): Promise<void> {
  await db.execute(sql`drop table if exists ${name}`);
  await db.execute(sql`create unlogged table ${name} with (autovacuum_enabled = false) as ${query}`);
}

/**
 * Items as lines of COPY.
 * @param firstSeq the number of the first item: later ones win over earlier ones with the same key
 */
export function stagedText(table: SyncTable, items: readonly Staged[], firstSeq: number): string {
  return items.map((item, index) => stagedLine(table, item, firstSeq + index)).join('');
}

export interface StagePage {
  readonly table: SyncTable;
  /** Text rather than items: a page waits here while the next one is read, and as text it is a tenth of the size. */
  readonly text: string;
  /** Where to resume once this page is in. */
  readonly checkpoint: object;
}

/**
 * A page and its checkpoint, in one transaction that touches unlogged tables only: it waits for no disk.
 * @throws TakenOver where another attempt has the run now
 */
export async function stagePage(database: Database, owner: Owner, page: StagePage): Promise<void> {
  const { table, text, checkpoint } = page;
  await database.transaction(async ({ db, client }) => {
    await moveCheckpoint(db, owner, checkpoint);
    if (text === '') return;
    const stream = client.query(copyFrom(`copy rollcall_staging."${table.name}_${owner.id}" from stdin`));
    stream.end(text);
    await once(stream, 'finish');
  });
}

/** @throws TakenOver if another attempt has the run now */
export async function moveCheckpoint(db: Session['db'], owner: Owner, state: object): Promise<void> {
  const mine = and(eq(checkpoints.runId, owner.id), eq(checkpoints.attempt, owner.attempt));
  const moved = await db.update(checkpoints).set({ state }).where(mine).returning({ runId: checkpoints.runId });
  if (moved.length === 0) throw new TakenOver(`run ${owner.id} is no longer attempt ${owner.attempt}'s`);
}

function stagedLine(table: SyncTable, staged: Staged, seq: number): string {
  const [note, item, cells] = marks(staged);
  const ofColumns = (columns: SyncTable['key']) => columns.map((column) => cells[column.property] ?? null);
  const key = ofColumns(table.key);
  if (staged.kind === 'row') {
    const content = copyCells(ofColumns(table.content));
    return `${copyCells([seq, null, null, null, ...key])}\t${content}\t${rowHash(`${content}\n`)}\n`;
  }
  // Of what is left out, the key is enough; of a skipped parent, the column that names it.
  const content = staged.kind === 'skipped' ? ofColumns(table.content) : table.content.map(() => null);
  return copyLine([seq, staged.kind, note, item, ...key, ...content, null]);
}

function marks(staged: Staged): [note: string | null, item: string | null, cells: Cells] {
  switch (staged.kind) {
    case 'row':
      return [null, null, staged.row];
    case 'filtered':
      return [staged.filter, null, staged.key];
    case 'removed':
    case 'unproven':
      return [null, null, staged.key];
    case 'quarantined':
      return [staged.reason, quarantinedText(staged.item), staged.key ?? {}];
    case 'skipped':
      return [staged.reason, null, staged.parent];
    default:
      return staged satisfies never;
  }
}

/** Clears away the staging of one run (`only`), or of all runs of a task and tenant but one (`except`). */
export async function dropStaging(
  db: Session['db'],
  { tenantId, task }: Pick<Owner, 'tenantId' | 'task'>,
  which: { readonly only: string } | { readonly except: string },
): Promise<void> {
  // Tables and their checkpoint are made in one transaction: tables without checkpoint and run are left over from a crash.
  const chosen =
    'only' in which
      ? sql`t.run = ${which.only}`
      : sql`t.run <> ${which.except} and coalesce(c.tenant_id = ${tenantId} and c.task = ${task},
          r.tenant_id = ${tenantId} and r.task = ${task}, true)`;
  const { rows } = await db.execute<{ name: string }>(sql`
    select format('rollcall_staging.%I', t.relname) as name
    from (select relname, right(relname, 36) as run from pg_class
      where relnamespace = 'rollcall_staging'::regnamespace and relkind = 'r' and relname ~ ${RUN_AT_END}) t
    left join ${checkpoints} c on c.run_id::text = t.run
    left join ${runs} r on r.id::text = t.run
    where ${chosen}`);
  for (const { name } of rows) await db.execute(sql`drop table if exists ${sql.raw(name)}`);
  await db
    .delete(checkpoints)
    .where(
      'only' in which
        ? eq(checkpoints.runId, which.only)
        : and(
            eq(checkpoints.tenantId, tenantId),
            eq(checkpoints.task, task),
            sql`${checkpoints.runId}::text <> ${which.except}`,
          ),
    );
}

const RUN_AT_END = '_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';

/**
 * 128 bits of SHA-256, as hexadecimal text that a uuid column takes. Two rows with the same content have the same
 * hash; that two with different content do is less likely than a fault of the disk.
 */
export function rowHash(text: string): string {
  return hash('sha256', text, 'hex').slice(0, 32);
}
