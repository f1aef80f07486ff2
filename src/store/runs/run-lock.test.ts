import { randomUUID } from 'node:crypto';
import { createTestDatabase, servers, type TestDatabase } from '../../../test/support/servers/database.js';
import { breakLocks, lockOfRun } from '../../../test/support/locks.js';
import { withClient } from '../database.js';
import { isRunLocked, tryLockRun, type LockName, type RunLock } from './run-lock.js';

describe.each(servers)('On $name', (server) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase(server);
  });
  afterAll(() => database.drop());
  const newName = () => ({ tenantId: randomUUID(), task: 'hr-roster' });

  test('one at a time holds the lock of a task and tenant', async () => {
    const name = newName();
    const lock = await tryLockRun(database, name);
    expect(lock).toBeDefined();
    await expect(tryLockRun(database, name)).resolves.toBeUndefined();
    await expect(isRunLocked(database, name)).resolves.toBe(true);
    lock!.release();
  });

  test('a released lock can be taken again', async () => {
    const name = newName();
    (await tryLockRun(database, name))!.release();
    while (await isRunLocked(database, name)) await new Promise((resolve) => setTimeout(resolve, 5));
    const again = await tryLockRun(database, name);
    expect(again).toBeDefined();
    again!.release();
  });

  test('other tasks and other tenants are not in the way', async () => {
    const name = newName();
    const locks = await Promise.all(
      [name, { ...name, task: 'sso-access' }, newName()].map((each) => tryLockRun(database, each)),
    );
    expect(locks.every((lock) => lock !== undefined)).toBe(true);
    for (const lock of locks) lock!.release();
  });

  test.each<[string, (name: LockName, lock: RunLock) => unknown]>([
    ['gives it back', (_, lock) => lock.release()],
    ['is killed', (name, lock) => breakLocks(database, lockOfRun(name)).finally(() => lock.release())],
  ])(
    'whoever takes every advisory lock that can be seen has no lock if its holder %s, and bars nobody',
    async (_, end) => {
      const name = newName();
      const first = (await tryLockRun(database, name))!;
      await withClient(
        database.pool,
        async (thief) => {
          // Waits for those of others that are held, and has them as soon as they are free.
          const stealing = thief.query(`select pg_advisory_lock((classid::bigint << 32) | objid::bigint) from pg_locks
          where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`);
          await end(name, first);
          await stealing;
          await expect(isRunLocked(database, name)).resolves.toBe(false);
          const second = await tryLockRun(database, name);
          expect(second).toBeDefined();
          second!.release();
        },
        { keep: false },
      );
    },
  );

  test('whoever loses the connection learns that the lock is lost', async () => {
    const name = newName();
    const lock = await tryLockRun(database, name);
    const lost = new Promise((resolve) => lock!.lost.addEventListener('abort', resolve));
    await breakLocks(database, lockOfRun(name));
    await lost;
    const other = await tryLockRun(database, name);
    expect(other).toBeDefined();
    other!.release();
    lock!.release();
  });
});
