import { randomUUID } from 'node:crypto';
import { createTestDatabase, embedded, type TestDatabase } from '../support/servers/database.js';
import { runHere } from '../support/rollcall.js';
import { fingerprint } from '../support/tenant-rows.js';

const PEOPLE = 30;
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(embedded());
  await database.pool.query(
    `insert into rollcall_data.users (tenant_id, user_id, email_aliases, anonymized, row_hash, first_seen_at, changed_at)
     select $1, gen_random_uuid(), '{}', false, $1, now(), now() from generate_series(1, $2)`,
    [randomUUID(), PEOPLE],
  );
});
afterAll(() => database.drop());

const query = (...args: string[]) => runHere(['query', ...args], { DATABASE_URL: database.url });
const people = async () => (await database.rows('select from rollcall_data.users')).length;

test('query prints the rows of a statement', async () => {
  const { code, out } = await query('select count(*) as people from rollcall.hr_roster', '--json');
  expect({ code, out }).toEqual({ code: 0, out: `{"people":${PEOPLE}}\n` });
});

test('an interval is told as Postgres writes it', async () => {
  const { out } = await query("select interval '90 minutes' as age");
  expect(out).toBe('age\n01:30:00\n');
});

const DELETE = 'delete from rollcall_data.users';
const MULTIPLE = 'cannot insert multiple commands into a prepared statement';
const READ_ONLY = 'in a read-only transaction';

test.each([
  ['a statement that writes', DELETE, READ_ONLY],
  ['a part that writes', `with gone as (${DELETE} returning 1) select count(*) from gone`, READ_ONLY],
  ['an explanation that does what it explains', `explain analyze ${DELETE}`, READ_ONLY],
  ['a block', `do $$ begin ${DELETE}; end $$`, READ_ONLY],
  ['a block that wants to write', `do $$ begin set transaction read write; ${DELETE}; end $$`, 'read-write mode'],
  ['what makes a table', 'create table rollcall_data.mine (n int)', READ_ONLY],
  ['a second statement', `select 1; ${DELETE}`, MULTIPLE],
  ['what follows the end of the transaction', `commit; ${DELETE}`, MULTIPLE],
  ['a transaction of its own', `commit; begin read write; ${DELETE}; commit`, MULTIPLE],
  ['a session that is told to write', `commit; set default_transaction_read_only = off; ${DELETE}`, MULTIPLE],
])('query cannot write: %s is refused by Postgres, and every row is there', async (_, sql, said) => {
  const before = await fingerprint(database);
  const { code, out, err } = await query(sql);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(new RegExp(`^rollcall: Postgres refuses the query: .*${said}`));
  expect(await people()).toBe(PEOPLE);
  expect(await fingerprint(database)).toEqual(before);
});

test.each(['commit', 'set transaction read write', 'rollback and chain'])(
  'after %s, the next query cannot write either',
  async (sql) => {
    await query(sql);
    expect(await query(DELETE)).toMatchObject({ code: 2 });
    expect(await people()).toBe(PEOPLE);
  },
);

test('a database that is away is not blamed on the query', async () => {
  const { code, err } = await runHere(['query', 'select pg_terminate_backend(pg_backend_pid())'], {
    DATABASE_URL: database.url,
  });
  expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('The database went away') });
});
