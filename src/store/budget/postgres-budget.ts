import { boundedPause, type Budgets, type Lease } from '../../budget-store.js';
import type { Database } from '../database.js';
import { CHANNEL, createBudgetEar } from './pause-listener.js';

/** A bucket holds no more than this many times its limit, whatever stands in the table. */
const MOST_FULL = 2;
/** No server is obeyed for longer than a day: a pause beyond that was not written by us. */
const LONGEST_PAUSE = "interval '24 hours'";

const ROW = 'application = $1 and bucket = $2';
const MS_SINCE = (instant: string) => `extract(epoch from now - ${instant})::float8 * 1000`;

// The row is locked before the clock is read and the sum is done: whoever had to wait for the lock counts on from what
// the other left. $3 take, $4 units, $5 window, $6 burst, $7 used.
const LEASE = `
  with mine as (select level, share, at from rollcall_staging.budgets where ${ROW} for update),
  clock as materialized (select *, clock_timestamp() as now from mine),
  paused as (
    select coalesce(max(greatest(0, extract(epoch from paused_until - clock_timestamp())::float8 * 1000)), 0) as pause_ms
    from rollcall_staging.budgets
    where application = $1 and paused_until <= clock_timestamp() + ${LONGEST_PAUSE}),
  grown as (
    select *, greatest(0, ${MS_SINCE('at')}) as elapsed,
      least(1, greatest(0.0625, share) + greatest(0, ${MS_SINCE('at')}) / ($5::float8 * 10)) as share_now
    from clock),
  drained as (
    select *, $4::float8 * share_now / $5 as per_ms,
      greatest(0, least(level, $4 * ${MOST_FULL}) - elapsed * $4 * share_now / $5, $7::float8 * $4 * share_now) as level_now
    from grown),
  asked as (
    select *, level_now + $3::float8 - greatest($4 * share_now * $6::float8, $3) as over from drained, paused),
  decided as (select *, pause_ms = 0 and over <= 0 as granted from asked),
  answer as materialized (select *, level_now + case when granted then $3 else 0 end as booked from decided),
  booked as (
    update rollcall_staging.budgets b
    set level = booked, share = share_now, at = now
    from answer where ${ROW.replaceAll(/(application|bucket)/g, 'b.$1')})
  select case when granted then 0 else greatest(pause_ms, over / per_ms) end as "waitMs", pause_ms as "pauseMs",
    booked / ($4 * share_now) as "full"
  from answer`;

const OPEN = `
  insert into rollcall_staging.budgets values ($1, $2, 0, 1, clock_timestamp(), clock_timestamp())
  on conflict do nothing`;

const PAUSE = `
  insert into rollcall_staging.budgets as b
  values ($1, $2, 0, 0.8, clock_timestamp(), clock_timestamp() + make_interval(secs => $3::float8 / 1000))
  on conflict (application, bucket) do update
  set share = case when b.paused_until <= clock_timestamp() then greatest(0.0625, b.share * 0.8) else b.share end,
    paused_until = greatest(
      case when b.paused_until <= clock_timestamp() + ${LONGEST_PAUSE} then b.paused_until end, excluded.paused_until)`;

const PAUSE_LEFT = `
  select coalesce(max(greatest(0, extract(epoch from paused_until - clock_timestamp())::float8 * 1000)), 0) as "pauseMs"
  from rollcall_staging.budgets
  where application = $1 and paused_until <= clock_timestamp() + ${LONGEST_PAUSE}`;

/** The books in a table: one statement a lease, atomic by the lock on its row. All who listen are told to look for a pause. */
export function createPostgresBudgets(database: Database): Budgets {
  const { pool } = database;
  const ear = createBudgetEar(database, async (application) => {
    const { rows } = await pool.query<Pick<Lease, 'pauseMs'>>(PAUSE_LEFT, [application]);
    return boundedPause(rows[0]?.pauseMs ?? 0);
  });
  return {
    of: (application) => ({
      async lease(bucket, { take, units, windowMs, burst, used = 0 }) {
        ear.listenAgain();
        const values = [application, bucket, take, units, windowMs, burst, used];
        for (;;) {
          const { rows } = await pool.query<Lease>({ name: 'rollcall-lease', text: LEASE, values });
          if (rows[0] !== undefined) return rows[0];
          await pool.query(OPEN, [application, bucket]);
        }
      },
      async pause(bucket, pauseMs) {
        await pool.query(PAUSE, [application, bucket, String(Math.round(boundedPause(pauseMs)))]);
        // By itself: a role that listens and never reads can fill the queue of notifications, which must not undo a pause.
        pool.query('select pg_catalog.pg_notify($1::text, $2::text)', [CHANNEL, application]).catch(() => {});
      },
      onPause: (listener) => ear.on(application, listener),
      close() {
        ear.off(application);
        return Promise.resolve();
      },
    }),
    // They are rows of the tenant, and go with the others.
    forget: () => Promise.resolve(),
    close: () => ear.close(),
  };
}
