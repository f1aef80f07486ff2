import { removeTenant, type RemovalOptions } from '../../src/tenants/remove.js';
import { tasks } from '../../src/jobs/registry.js';
import { createTenantLocks, tryLockRun, tryLockTenant } from '../../src/store/index.js';
import { silent } from '../support/servers/database.js';
import { breakLocks, lockOfTenant } from '../support/locks.js';
import { everythingBut, tablesWith } from '../support/tenant-rows.js';
import { tenantNumber } from '../support/setup/tenants.js';
import { createWorld, type World } from '../support/setup/world.js';

const [one, two] = [tenantNumber(1), tenantNumber(2)];
const id = one.data.tenantId;

let world: World;
let other: World;
beforeEach(async () => {
  world = await createWorld({ tenant: one.data });
  other = await createWorld({ tenant: two.data });
  const into = { database: world.database, queue: world.queue, accessLog: world.accessLog };
  for (const each of [world, other]) await each.sync({ ...into, includeGuests: true });
  await world.accessLog.flush();
});
afterEach(async () => {
  await other.close();
  await world.close();
});

const remove = (options: Partial<RemovalOptions> = {}) =>
  removeTenant(
    { ...world, redisUrl: undefined, log: silent },
    { tenantId: id, signal: new AbortController().signal, onWaiting() {}, onDeleted() {}, ...options },
  );

test('a removal that is ended in the middle leaves the tenant unread, and can be gone on with to its end', async () => {
  const { database } = world;
  const before = await everythingBut(database, id);
  const stop = new AbortController();
  const deleted: string[] = [];
  const onDeleted = (table: string) => {
    deleted.push(table);
    if (deleted.length === 3) stop.abort(new Error('killed'));
  };
  await expect(remove({ signal: stop.signal, onDeleted })).rejects.toThrow('killed');
  expect(await database.rows('select name from rollcall_data.tenants where removing_at is not null')).toHaveLength(1);
  expect(await tablesWith(database, id)).not.toEqual([]);

  await remove({ onDeleted });
  expect(new Set(deleted)).toHaveProperty('size', deleted.length);
  expect(await tablesWith(database, id)).toEqual([]);
  expect(await everythingBut(database, id)).toEqual(before);
});

test('rows beyond one batch are deleted as well', async () => {
  const { database } = world;
  await database.pool.query(
    `insert into rollcall_data.changes (tenant_id, task, run_id, table_name, row_key, kind, changed_at)
     select $1, 'hr-roster', gen_random_uuid(), 'users', '{}', 'removed', now() from generate_series(1, 12000)`,
    [id],
  );
  const counts = new Map<string, number>();
  await remove({ onDeleted: (table, rows) => counts.set(table, rows) });
  expect(counts.get('rollcall_data.changes')).toBe(12_000);
  expect(await tablesWith(database, id)).toEqual([]);
});

test('while a worker reads the tenant no row is deleted; the removal goes on when the worker has left it', async () => {
  const { database } = world;
  const worker = createTenantLocks(database);
  await expect(worker.share(id)).resolves.toBe(true);
  const seen: number[] = [];
  await remove({
    onWaiting() {
      void tablesWith(database, id).then(async (tables) => {
        seen.push(tables.length);
        await worker.release(id);
      });
    },
  });
  expect(seen[0]).toBeGreaterThan(5);
  expect(await tablesWith(database, id)).toEqual([]);
  worker.close();
});

test.each(tasks.map(({ name }) => name))(
  'while %s of the tenant is in a dry run or being released no row is deleted; the removal goes on when that has ended',
  async (task) => {
    const { database } = world;
    // All that such a process holds.
    const lock = await tryLockRun(database, { tenantId: id, task });
    const before = await tablesWith(database, id);
    let seen: string[] = [];
    await remove({
      onWaiting() {
        void tablesWith(database, id).then((tables) => {
          seen = tables;
          lock!.release();
        });
      },
    });
    if (seen.length === 0) lock!.release();
    // Jobs and schedules go at once; whatever was read of it is there still.
    expect(seen).toEqual(expect.arrayContaining(before.filter((table) => table.startsWith('rollcall_data'))));
    expect(await tablesWith(database, id)).toEqual([]);
  },
);

test('while a tenant is removed nobody can begin to read it; a worker whose connection broke finds out', async () => {
  const { database } = world;
  const worker = createTenantLocks(database);
  await worker.share(id);
  await breakLocks(database, lockOfTenant(id));
  let remover = await tryLockTenant(database, id);
  while (remover === undefined) remover = await tryLockTenant(database, id);
  let lost: string[] = [];
  while (lost.length === 0) lost = await worker.refresh();
  expect(lost).toEqual([id]);
  await expect(worker.share(id)).resolves.toBe(false);
  remover.release();
  worker.close();
});
