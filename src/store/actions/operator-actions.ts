import { and, desc, eq, gte, lt, or, sql } from 'drizzle-orm';
import type { ActionName } from '../schema/action-names.js';
import { withClient, type Database, type Session } from '../database.js';
import { operatorActions } from '../schema/index.js';
import { storableJson } from '../sql/storable-json.js';

export type OperatorAction = typeof operatorActions.$inferSelect;

/** Who tells Rollcall something, and from where. */
export type Operator = Pick<OperatorAction, 'actor' | 'claimedActor' | 'way' | 'host'>;

/** What a person tells Rollcall to do, and what it is about. */
export type Told = { readonly action: ActionName } & Partial<
  Pick<OperatorAction, 'tenantId' | 'task' | 'runId' | 'details'>
>;

/** How it ended; what was not known when it began can be added. */
export type ActionEnd = Pick<OperatorAction, 'outcome'> &
  Partial<Pick<OperatorAction, 'errorCode' | 'task' | 'runId' | 'details'>>;

/** In characters. Names come from outside. */
const LONGEST_NAME = 256;
const LONGEST_DETAILS = 8000;

/** Writes down that actions have begun. @returns their ids, in the same order */
export async function beginActions(
  db: Session['db'],
  operator: Operator,
  told: readonly Told[],
): Promise<OperatorAction['id'][]> {
  const { way, actor, claimedActor, host } = operator;
  const who = { way, actor: name(actor), claimedActor: claimedActor && name(claimedActor), host: name(host) };
  const ids: number[] = [];
  for (const each of told) {
    const [row] = await db
      .insert(operatorActions)
      .values({ ...each, details: small(each.details ?? {}), ...who })
      .returning({ id: operatorActions.id });
    if (row !== undefined) ids.push(row.id);
  }
  return ids;
}

/** Writes down how an action ended, unless that is written already: what a transaction has done with it stays done. */
export async function endAction(
  db: Session['db'],
  id: OperatorAction['id'],
  { details = {}, ...end }: ActionEnd,
): Promise<void> {
  const both = sql`${operatorActions.details} || ${JSON.stringify(small(details))}::jsonb`;
  await db
    .update(operatorActions)
    .set({ ...end, details: both, endedAt: sql`clock_timestamp()` })
    .where(and(eq(operatorActions.id, id), eq(operatorActions.outcome, 'begun')));
}

/** Whether there is a table for them, in a database that may be empty or of an earlier version. */
export async function keepsActions({ pool }: Database): Promise<boolean> {
  return withClient(pool, async (client) => {
    const { rows } = await client.query<{ there: boolean }>(
      "select to_regclass('rollcall_data.operator_actions') is not null as there",
    );
    return rows[0]?.there === true;
  });
}

export interface ActionFilter {
  readonly tenantId?: string | undefined;
  readonly action?: ActionName | undefined;
  readonly runId?: string | undefined;
  /** Instants; the earlier one belongs to it, the later one does not. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly limit: number;
}

/** What people told Rollcall to do, the newest first. */
export async function listActions(
  { db }: Database,
  { tenantId, action, runId, since, until, limit }: ActionFilter,
): Promise<OperatorAction[]> {
  return db
    .select()
    .from(operatorActions)
    .where(
      and(
        tenantId === undefined ? undefined : eq(operatorActions.tenantId, tenantId),
        action === undefined ? undefined : eq(operatorActions.action, action),
        runId === undefined ? undefined : ofRun(runId),
        since === undefined ? undefined : gte(operatorActions.at, since),
        until === undefined ? undefined : lt(operatorActions.at, until),
      ),
    )
    .orderBy(desc(operatorActions.at), desc(operatorActions.id))
    .limit(limit);
}

/** One that is about several runs names them in its details. */
const ofRun = (runId: string) =>
  or(eq(operatorActions.runId, runId), sql`${operatorActions.details} -> 'runs' ? ${runId}`);

const name = (text: string): string => text.replaceAll('\0', '').slice(0, LONGEST_NAME);

/** As many members as fit; `cut` says that there were more. */
function small(details: OperatorAction['details']): OperatorAction['details'] {
  const kept: Record<string, unknown> = {};
  let left = LONGEST_DETAILS;
  for (const [member, value] of Object.entries(details)) {
    if (value === undefined) continue;
    const text = storableJson(value);
    left -= member.length + text.length;
    if (left < 0) return { ...kept, cut: true };
    kept[member] = JSON.parse(text);
  }
  return kept;
}
