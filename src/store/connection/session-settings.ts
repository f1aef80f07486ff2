import type { ClientBase } from 'pg';
import pTimeout from 'p-timeout';
import { RollcallError } from '../../errors.js';

/**
 * What our statements depend on, set on every connection (invariant 13). A database, a role or a server can set each of these otherwise (`alter role … set …`), and
 * would then change what a statement means: which function a name calls, what a date looks like, how long a lock holds.
 *
 * `search_path` comes first: from then on no name below can be one that somebody else has made.
 * `lock_timeout` bounds every wait for a lock that has no limit of its own. `idle_in_transaction_session_timeout` frees what a
 * suspended process of ours holds. `default_transaction_read_only` is left as it is: a server sets it for a reason, which
 * `requireUsable` repeats.
 * @see https://www.postgresql.org/docs/current/runtime-config-client.html
 */
const settings = (searchPath: string, lockTimeout: string) => `
  set search_path = ${searchPath};
  set client_encoding = 'UTF8';
  set standard_conforming_strings = on;
  set backslash_quote = safe_encoding;
  set array_nulls = on;
  set transform_null_equals = off;
  set quote_all_identifiers = off;
  set bytea_output = hex;
  set DateStyle = 'ISO, MDY';
  set IntervalStyle = postgres;
  set TimeZone = 'UTC';
  set row_security = on;
  set default_transaction_isolation = 'read committed';
  set statement_timeout = 0;
  set lock_timeout = '${lockTimeout}';
  set idle_in_transaction_session_timeout = '1h';
  set tcp_keepalives_idle = 30;
  set tcp_keepalives_interval = 10;
  set tcp_keepalives_count = 3;
  select pg_catalog.set_config(name, '0', false) from pg_catalog.pg_settings
  where name in ('idle_session_timeout', 'transaction_timeout');`;

/** Functions and types of Postgres itself, and tables of our own session. */
export const OWN_SEARCH_PATH = 'pg_catalog, pg_temp';

const LONGEST_ANSWER_MS = 15_000;

/**
 * Makes a new connection independent of what the database, the role and the server say. By a statement and not by the startup
 * parameter `options`, which poolers refuse.
 * @throws RollcallError `database_unreachable` if the connection is open and nothing answers on it
 * @see https://www.pgbouncer.org/config.html#ignore_startup_parameters
 */
export async function prepareSession(
  client: ClientBase,
  searchPath: string = OWN_SEARCH_PATH,
  lockTimeout = '5min',
): Promise<void> {
  await pTimeout(client.query(settings(searchPath, lockTimeout)), {
    milliseconds: LONGEST_ANSWER_MS,
    fallback: () => Promise.reject(unanswered()),
  });
}

const unanswered = () =>
  new RollcallError(
    'database_unreachable',
    `The database let us in and then gave no answer within ${LONGEST_ANSWER_MS / 1000} s`,
    'Is there a pooler in front of it whose pool is too small? It then waits for a connection that others hold. Rollcall needs up to 24 for its tables and 12 for the queue, each for as long as a process runs: raise its pool size (default_pool_size of PgBouncer), or give DATABASE_URL the address of Postgres itself.',
  );
