import { Client } from 'pg';
import { sampleTenant, type Emulator } from '../../src/emulator/index.js';
import { createTestDatabase, embedded, type TestDatabase } from '../support/servers/database.js';
import { hasDebianPostgres, startDebianPostgres, type DebianPostgres } from '../support/servers/debian-postgres.js';
import { startTestEmulator } from '../support/servers/emulator.js';
import { runHere, settingsFor } from '../support/rollcall.js';

const tenant = sampleTenant();
let emulator: Emulator;
let settings: Awaited<ReturnType<typeof settingsFor>>;
let database: TestDatabase;
beforeAll(async () => {
  emulator = await startTestEmulator({ tenants: [tenant] });
  settings = await settingsFor(emulator, tenant);
  database = await createTestDatabase(embedded());
});
afterAll(async () => {
  await emulator.close();
  await settings.remove();
  await database.drop();
});

async function expectRefused(url: string, words: string): Promise<void> {
  for (const command of ['sync', 'migrate', 'doctor']) {
    const { code, out, err } = await runHere([command], { ...settings.environment, DATABASE_URL: url });
    expect([command, code, out + err]).toEqual([command, 1, expect.stringContaining(words)]);
    expect(out + err).not.toMatch(/went away|please report/);
  }
}

test('a database that is read-only is refused as such', async () => {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  const name = new URL(database.url).pathname.slice(1);
  await client.query(`alter database ${name} set default_transaction_read_only = on`);
  await expectRefused(database.url, 'the database is read-only');
  await client.query(`set default_transaction_read_only = off`);
  await client.query(`alter database ${name} reset default_transaction_read_only`);
  await client.end();
});

(hasDebianPostgres ? describe : describe.skip)('on a server of its own', () => {
  let server: DebianPostgres;
  beforeAll(async () => {
    server = await startDebianPostgres();
  });
  afterAll(() => server.stop());

  test('a database that cannot hold every name is refused', async () => {
    await server.query("create database latin encoding 'LATIN1' locale 'C' template template0");
    await expectRefused(server.url('postgres', 'latin'), 'the encoding of the database is LATIN1');
  });

  test('bytes as they come hold every name', async () => {
    await server.query("create database bytes encoding 'SQL_ASCII' locale 'C' template template0");
    const { code } = await runHere(['sync'], {
      ...settings.environment,
      DATABASE_URL: server.url('postgres', 'bytes'),
    });
    expect(code).toBe(0);
  });
});
