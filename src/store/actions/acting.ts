import { RollcallError, toRollcallError, type ErrorCode } from '../../errors.js';
import type { Database, Session } from '../database.js';
import { beginActions, endAction, type ActionEnd, type Operator, type Told } from './operator-actions.js';

/** An operator action while it happens. */
export interface Action {
  /**
   * Writes down that it is done: in the transaction that does it, so that both are true or neither is. Without it, an
   * action is done when its work returns.
   */
  done(db: Session['db'], about?: Omit<ActionEnd, 'outcome'>): Promise<void>;
}

/**
 * Does what a person told Rollcall to do, with an account of it. It is written down before the work begins, and how it ended
 * afterwards: if the process is killed in between, the account says `begun`.
 * @throws what the work throws
 */
export async function acting<T>(
  database: Database,
  operator: Operator,
  told: Told,
  work: (action: Action) => Promise<T>,
): Promise<T> {
  return actingOnEach(database, operator, [told], async ([action]) => {
    if (action === undefined) throw new Error('each action that is told begins');
    return work(action);
  });
}

/** The same for what is several actions at once: one for each tenant, for example. */
export async function actingOnEach<T>(
  { db }: Database,
  operator: Operator,
  told: readonly Told[],
  work: (actions: readonly Action[]) => Promise<T>,
): Promise<T> {
  const ids = await beginActions(db, operator, told);
  const end = async (how: ActionEnd) => {
    for (const id of ids) await endAction(db, id, how);
  };
  const actions = ids.map((id): Action => ({ done: (db, about) => endAction(db, id, { ...about, outcome: 'done' }) }));
  try {
    const result = await work(actions);
    await end({ outcome: 'done' });
    return result;
  } catch (error) {
    const { code } = toRollcallError(error);
    // What went wrong is what its reader must hear of, whatever becomes of the account.
    await end({ outcome: isRefusal(error) ? 'refused' : 'failed', errorCode: code }).catch(() => {});
    throw error;
  }
}

const REFUSALS: readonly ErrorCode[] = [
  'settings_invalid',
  'command_invalid',
  'not_found',
  'secret_missing',
  'tenant_refused',
  'credential_invalid',
  'login_refused',
  'needs_missing',
  'not_held',
  'not_replayable',
  'not_cancellable',
  'busy',
];

/** Nothing broke: what was told is not possible now, or not at all. */
const isRefusal = (error: unknown): boolean => error instanceof RollcallError && REFUSALS.includes(error.code);
