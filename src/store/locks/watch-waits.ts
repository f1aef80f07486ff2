import type { Database } from '../database.js';
import { describeHolder, type Holder } from './lock-wait.js';
import type { Patience } from './patience.js';

const LOOK_MS = 2000;
const SAY_EVERY_MS = 60_000;
/** Locks of our own are held for less. In seconds. */
const LONG = 5;

/**
 * Tells for whom our statements wait, whichever they are: somebody may have locked any table. A signal cancels what waits, which
 * would otherwise keep the process for as long as `lock_timeout` lets it.
 * @returns ends the watch
 */
export function watchWaits({ pool, processes }: Database, { tell, signal }: Patience): () => Promise<void> {
  let looking: Promise<void> | undefined;
  let saidAt = Number.NEGATIVE_INFINITY;

  async function look(): Promise<void> {
    const { rows } = await pool.query<Holder & { waiting: number }>(WAITS, [processes(), LONG]);
    const [first] = rows;
    if (first === undefined) return;
    if (signal?.aborted === true) {
      await pool.query('select pg_cancel_backend(pid) from unnest($1::integer[]) as pid', [
        rows.map(({ waiting }) => waiting),
      ]);
    } else if (performance.now() - saidAt > SAY_EVERY_MS) {
      saidAt = performance.now();
      tell?.(
        `A statement waits for a lock that another session holds: ${describeHolder(first)}. If it should not be there, end it: ${endOf(first)}`,
      );
    }
  }

  const timer = setInterval(() => {
    looking ??= look()
      .catch(() => {})
      .finally(() => {
        looking = undefined;
      });
  }, LOOK_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await looking;
  };
}

const endOf = ({ pid, program }: Holder): string =>
  pid === 0 ? `rollback prepared '${program ?? '…'}'` : `select pg_terminate_backend(${pid})`;

// A prepared transaction holds locks without a process: its number is 0.
const WAITS = `
  select w.pid as waiting, b.pid, coalesce(h.usename, x.owner)::text as role, coalesce(h.application_name, x.gid) as program,
    case when b.pid = 0 then 'prepared' else h.state end as state, coalesce(h.xact_start, x.prepared)::text as since
  from pg_stat_activity w cross join lateral unnest(pg_blocking_pids(w.pid)) as b(pid)
  left join pg_stat_activity h on h.pid = b.pid
  left join lateral (
    select p.gid, p.owner, p.prepared from pg_prepared_xacts p
    where b.pid = 0 and p.database = current_database() order by p.prepared limit 1) x on true
  where w.pid = any ($1) and b.pid <> all ($1) and w.wait_event_type = 'Lock'
    and w.query_start < clock_timestamp() - make_interval(secs => $2)`;
