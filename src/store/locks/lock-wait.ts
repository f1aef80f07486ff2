import type { ClientBase, Pool } from 'pg';
import { RollcallError } from '../../errors.js';
import type { Patience } from './patience.js';

export interface LockWait extends Patience {
  /** What cannot be done meanwhile, such as `the migration of the database`. */
  readonly what: string;
  readonly longestMs?: number;
}

const LOCK_POLL_MS = 1000;
const SAY_EVERY_MS = 30_000;
const LONGEST_MS = 10 * 60_000;

/** A session that others wait for. */
export interface Holder {
  readonly pid: number;
  readonly role: string | null;
  readonly program: string | null;
  readonly state: string | null;
  readonly since: string | null;
}

/**
 * Does work on a connection that may have to wait for locks of other sessions. While it waits, it tells for whom; a signal or the
 * end of its time cancels it.
 * @param pool where to look from: the waiting connection cannot
 * @throws RollcallError `busy` with the session that holds the lock, or because of the signal
 */
export async function namingHolders<T>(
  pool: Pool,
  client: ClientBase,
  { what, tell, signal, longestMs = LONGEST_MS }: LockWait,
  work: () => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const { rows } = await client.query<{ pid: number }>('select pg_catalog.pg_backend_pid() as pid');
  const pid = rows[0]?.pid;
  let waitingFor: string | undefined;
  let waitingSince: number | undefined;
  let saidAt = Number.NEGATIVE_INFINITY;
  let gaveUp: RollcallError | undefined;

  const cancel = (reason: RollcallError) => {
    gaveUp = reason;
    void pool.query('select pg_catalog.pg_cancel_backend($1::integer)', [pid]).catch(() => {});
  };
  const onAbort = () => cancel(stopped(what, waitingFor));
  async function look(): Promise<void> {
    const holders = await holdersOf(pool, pid);
    if (holders.length === 0) {
      waitingSince = undefined;
      waitingFor = undefined;
      return;
    }
    waitingSince ??= performance.now();
    waitingFor = holders.map(describeHolder).join('; ');
    if (performance.now() - waitingSince > longestMs) return cancel(tooLong(what, waitingFor));
    if (performance.now() - saidAt < SAY_EVERY_MS) return;
    saidAt = performance.now();
    tell?.(`${capitalized(what)} waits for a lock that another session holds: ${waitingFor}`);
  }

  signal?.addEventListener('abort', onAbort, { once: true });
  const timer = setInterval(() => void look().catch(() => {}), LOCK_POLL_MS);
  try {
    return await work();
  } catch (error) {
    throw gaveUp ?? error;
  } finally {
    clearInterval(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

async function holdersOf(pool: Pool, pid: number | undefined): Promise<Holder[]> {
  const { rows } = await pool.query<Holder>(
    `select pid, usename as role, application_name as program, state, coalesce(xact_start, backend_start)::text as since
     from pg_catalog.pg_stat_activity
     where pid = any(pg_catalog.pg_blocking_pids($1::integer))
     union all
     select 0, owner, gid, 'prepared', prepared::text from pg_catalog.pg_prepared_xacts
     where 0 = any(pg_catalog.pg_blocking_pids($1::integer)) and database = current_database()`,
    [pid],
  );
  return rows;
}

/** Postgres shows the state of other roles' sessions only to those who may see it. */
export function describeHolder({ pid, role, program, state, since }: Holder): string {
  const more = [program, state, since === null ? undefined : `since ${since}`].filter(Boolean).join(', ');
  return `process ${pid} of the role ${role ?? '?'}${more === '' ? '' : ` (${more})`}`;
}

const capitalized = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

const FREE =
  'If it should not be there, end it: select pg_terminate_backend(<process>), as that role or as an administrator.';

const tooLong = (what: string, holders: string) =>
  new RollcallError(
    'busy',
    `${capitalized(what)} waited too long for a lock that another session holds: ${holders}`,
    FREE,
  );

const stopped = (what: string, holders: string | undefined) =>
  new RollcallError(
    'busy',
    `Told to stop while ${what} ${holders === undefined ? 'went on' : `waited for ${holders}`}; it is undone`,
    holders === undefined ? 'Start again.' : `Start again. ${FREE}`,
  );
