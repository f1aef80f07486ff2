import { createTestDatabase, servers, type TestDatabase } from '../../test/support/servers/database.js';
import { migrate, requireMigrated } from './migrate.js';

describe.each(servers)('On $name', (server) => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createTestDatabase(server, { migrated: false });
  });
  afterEach(() => database.drop());

  test('an empty database is brought up to date, once, by however many at a time', async () => {
    await expect(requireMigrated(database)).rejects.toMatchObject({ code: 'database_empty' });
    const applied = await Promise.all([1, 2, 3, 4].map(() => migrate(database)));
    expect(applied.toSorted((a, b) => b - a)).toEqual([expect.any(Number), 0, 0, 0]);
    expect(Math.max(...applied)).toBeGreaterThan(0);
    await expect(requireMigrated(database)).resolves.toBeUndefined();
  });

  test('a database of a newer version is refused', async () => {
    await migrate(database);
    await database.pool.query("insert into rollcall_data.migrations (hash, created_at) values ('x', 9999999999999)");
    await expect(migrate(database)).rejects.toMatchObject({ code: 'database_newer' });
    await expect(requireMigrated(database)).rejects.toMatchObject({ code: 'database_newer' });
  });
});
