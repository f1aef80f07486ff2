import { randomUUID } from 'node:crypto';
import { createTestDatabase, embedded, type TestDatabase } from '../../../test/support/servers/database.js';
import { users } from '../schema/index.js';
import { TakenOver } from '../runs/taken-over.js';
import { dropStaging, openStaging, resetStaging, stagedText, stagePage, type Owner } from './staging.js';
import { syncTable } from './sync-table.js';

const table = syncTable(users);
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(embedded());
});
afterAll(() => database.drop());

const newOwner = (overrides: Partial<Owner> = {}): Owner => ({
  id: randomUUID(),
  attempt: 1,
  tenantId: randomUUID(),
  task: 'hr-roster',
  ...overrides,
});
const page = (...ids: string[]) =>
  stagedText(
    table,
    ids.map((userId) => ({ kind: 'filtered', filter: 'guest', key: { userId } })),
    0,
  );
const staged = (owner: Owner) => database.rows(`select user_id from rollcall_staging."users_${owner.id}"`);
const tables = () =>
  database.rows<{ name: string }>(
    "select relname as name from pg_class where relnamespace = 'rollcall_staging'::regnamespace and relkind = 'r' and relname like '%-%'",
  );

test('a page and its checkpoint are there together', async () => {
  const owner = newOwner();
  await expect(openStaging(database, owner, [table])).resolves.toBeUndefined();
  await stagePage(database, owner, { table, text: page(randomUUID(), randomUUID()), checkpoint: { next: 'two' } });
  await expect(openStaging(database, { ...owner, attempt: 2 }, [table])).resolves.toEqual({ next: 'two' });
  expect(await staged(owner)).toHaveLength(2);
});

test('a page that cannot be written moves no checkpoint', async () => {
  const owner = newOwner();
  await openStaging(database, owner, [table]);
  await stagePage(database, owner, { table, text: page(randomUUID()), checkpoint: { next: 'two' } });
  await expect(stagePage(database, owner, { table, text: 'rubbish\n', checkpoint: { next: 'three' } })).rejects.toThrow(
    'invalid input syntax',
  );
  await expect(openStaging(database, owner, [table])).resolves.toEqual({ next: 'two' });
  expect(await staged(owner)).toHaveLength(1);
});

test('an older attempt that is still alive can write no more', async () => {
  const owner = newOwner();
  await openStaging(database, owner, [table]);
  await openStaging(database, { ...owner, attempt: 2 }, [table]);
  await expect(stagePage(database, owner, { table, text: page(randomUUID()), checkpoint: {} })).rejects.toBeInstanceOf(
    TakenOver,
  );
  expect(await staged(owner)).toHaveLength(0);
});

test('a listing that begins again begins with nothing', async () => {
  const owner = newOwner();
  await openStaging(database, owner, [table]);
  await stagePage(database, owner, { table, text: page(randomUUID()), checkpoint: { next: 'two' } });
  await resetStaging(database, owner, { tables: [table], checkpoint: { restarts: 1 } });
  expect(await staged(owner)).toHaveLength(0);
  await expect(openStaging(database, owner, [table])).resolves.toEqual({ restarts: 1 });
});

test('a new run clears away what earlier ones of its task and tenant left, and nothing else', async () => {
  const mine = newOwner();
  const earlier = newOwner({ tenantId: mine.tenantId });
  const others = [newOwner(), newOwner({ tenantId: mine.tenantId, task: 'sso-access' })];
  for (const owner of [mine, earlier, ...others]) await openStaging(database, owner, [table]);
  await database.transaction(({ db }) => dropStaging(db, mine, { except: mine.id }));
  const left = (await tables()).map(({ name }) => name);
  expect(left).not.toContain(`users_${earlier.id}`);
  for (const owner of [mine, ...others]) expect(left).toContain(`users_${owner.id}`);
});
