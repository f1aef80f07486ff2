import { Client } from 'pg';
import { createTestDatabase, embedded, type TestDatabase } from './database.js';

/** What a database, or the role that logs in to it, may set otherwise than Postgres does. */
const SETTINGS = {
  DateStyle: "'SQL, DMY'",
  IntervalStyle: 'sql_standard',
  TimeZone: "'Asia/Kolkata'",
  row_security: 'off',
  search_path: 'public, pg_catalog',
  default_transaction_isolation: 'serializable',
  standard_conforming_strings: 'off',
  bytea_output: 'escape',
  transform_null_equals: 'on',
  quote_all_identifiers: 'on',
  array_nulls: 'off',
  backslash_quote: 'on',
  idle_session_timeout: "'300ms'",
  idle_in_transaction_session_timeout: "'300ms'",
  statement_timeout: "'5s'",
  lock_timeout: "'100ms'",
  transaction_timeout: "'30s'",
};

/** Calls as statements make them, and as Postgres may understand those whose types are not exact. */
const SHADOWS = [
  'hashtextextended(text, integer) returns bigint',
  'hashtextextended(text, bigint) returns bigint',
  'hashtext(text) returns integer',
  'pg_advisory_lock(bigint) returns void',
  'pg_advisory_xact_lock(bigint) returns void',
  'pg_advisory_xact_lock(text) returns void',
  'pg_advisory_xact_lock(integer, integer) returns void',
  'pg_try_advisory_lock(bigint) returns boolean',
  'pg_try_advisory_lock_shared(bigint) returns boolean',
  'pg_notify(text, text) returns void',
  'set_config(text, text, boolean) returns text',
  'current_setting(text) returns text',
  'to_regclass(text) returns regclass',
  'obj_description(oid, name) returns text',
  'clock_timestamp() returns timestamptz',
  'now() returns timestamptz',
  'gen_random_uuid() returns uuid',
  'md5(text) returns text',
  'lower(text) returns text',
  'starts_with(text, text) returns boolean',
  'has_database_privilege(text, text) returns boolean',
  'pg_backend_pid() returns integer',
  'pg_has_role(name, oid, text) returns boolean',
];

/** What a call of somebody else's function says. */
export const CALLED = 'somebody else made this function';

/** A database without a table whose settings are hostile, with functions and operators in `public` that no statement may call. */
export async function createHostileDatabase(): Promise<TestDatabase> {
  const database = await createTestDatabase(embedded(), { migrated: false });
  const client = new Client({ connectionString: database.url });
  await client.connect();
  try {
    const body = `language plpgsql as $$ begin raise exception '${CALLED}'; end $$`;
    for (const shadow of SHADOWS) await client.query(`create function public.${shadow} ${body}`);
    await client.query(`create function public.equals(text, text) returns boolean ${body}`);
    await client.query('create operator public.= (leftarg = text, rightarg = text, function = public.equals)');
    await client.query('create operator public.<> (leftarg = text, rightarg = text, function = public.equals)');
    const name = new URL(database.url).pathname.slice(1);
    for (const [setting, value] of Object.entries(SETTINGS))
      await client.query(`alter database ${name} set ${setting} = ${value}`);
  } finally {
    await client.end();
  }
  return database;
}
