import { sql } from 'drizzle-orm';
import { from as copyFrom } from 'pg-copy-streams';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { toRollcallError } from '../../src/errors.js';
import { createPool, type Session } from '../../src/store/index.js';
import { createTestDatabase, embedded, silent, type TestDatabase } from '../support/servers/database.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(embedded());
});
afterAll(() => database.drop());

const meaningOf = async (failing: Promise<unknown>) =>
  toRollcallError(
    await failing.then(
      () => 'it succeeded',
      (error: unknown) => error,
    ),
  );

/** Every way to the database that the store has, with a statement that fails. */
const WAYS: readonly (readonly [string, (statement: string) => Promise<unknown>])[] = [
  ['the pool', (statement) => database.pool.query(statement)],
  ['drizzle', (statement) => database.db.execute(sql.raw(statement))],
  ['a transaction', (statement) => database.transaction(({ client }) => client.query(statement))],
  ['drizzle in a transaction', (statement) => database.transaction(({ db }) => db.execute(sql.raw(statement)))],
];

test.each(WAYS)('a refused statement is the failure of the database: %s', async (_, ask) => {
  expect(await meaningOf(ask('select * from rollcall.no_such_view'))).toMatchObject({
    code: 'database_failed',
    message: expect.stringContaining('42P01'),
  });
});

test.each(WAYS)('a connection that ends means that the database went away: %s', async (_, ask) => {
  expect(await meaningOf(ask('select pg_terminate_backend(pg_backend_pid())'))).toMatchObject({
    code: 'database_unreachable',
  });
});

const copy = (text: string, before?: (session: Session) => Promise<unknown>) =>
  database.transaction(async (session) => {
    await before?.(session);
    const stream = session.client.query(copyFrom('copy rollcall_data.access_log from stdin'));
    await pipeline(Readable.from([text]), stream);
  });

test('so does a COPY', async () => {
  expect(await meaningOf(copy('rubbish\n'))).toMatchObject({ code: 'database_failed' });
  const ended = copy('', ({ client }) => client.query('select pg_terminate_backend(pg_backend_pid())').catch(() => {}));
  expect(await meaningOf(ended)).toMatchObject({ code: 'database_unreachable' });
});

test('a server that cannot be reached later is away', async () => {
  const pool = createPool({ url: 'postgres://u:p@127.0.0.1:1/db', log: silent, maxConnections: 1, name: 'nobody' });
  expect(await meaningOf(pool.query('select 1'))).toMatchObject({ code: 'database_unreachable' });
  expect(await meaningOf(pool.connect())).toMatchObject({ code: 'database_unreachable' });
  await pool.end();
});
