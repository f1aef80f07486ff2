import { sql } from 'drizzle-orm';
import { tasks } from '../../src/jobs/registry.js';
import { createTestDatabase, embedded, type TestDatabase } from '../support/servers/database.js';
import { idOf, landPages, newOwner } from '../support/setup/stage.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(embedded());
});
afterAll(() => database.drop());

const filters = { includeGuests: true, includeAgents: true, domainNames: [] };
const collections = tasks.flatMap((task) => task.collections);
const [ADA, BOB, NOBODY, SHOP, UNNAMED, GROUP] = [1, 2, 3, 4, 5, 6].map(idOf);
const assigned = (id: string, principalId: string | undefined, parent: string | undefined) => ({
  parent,
  item: { id, principalId },
});

/** Items of each table in Graph's words, and what people call their rows. */
const EXPECTED: Record<string, { readonly items: readonly object[]; readonly labels: readonly string[] }> = {
  users: {
    items: [
      { id: ADA, displayName: 'Ada', userPrincipalName: 'ada@contoso.com' },
      { id: BOB, userPrincipalName: 'bob@contoso.com' },
      { id: NOBODY },
    ],
    labels: ['Ada', 'bob@contoso.com', idOf(3)],
  },
  service_principals: { items: [{ id: SHOP, displayName: 'Shop' }, { id: UNNAMED }], labels: ['Shop', idOf(5)] },
  organizations: { items: [{ id: ADA, displayName: 'Contoso' }, { id: BOB }], labels: ['Contoso', idOf(2)] },
  app_role_assignments: {
    items: [assigned('a', ADA, SHOP), assigned('b', BOB, UNNAMED), assigned('c', undefined, SHOP)],
    labels: ['Ada in Shop', `bob@contoso.com in ${idOf(5)}`, 'Shop'],
  },
  group_members: {
    items: [
      { parent: GROUP, item: { id: ADA } },
      { parent: GROUP, item: { id: NOBODY } },
    ],
    labels: [`Ada in ${idOf(6)}`, `${idOf(3)} in ${idOf(6)}`],
  },
};

test('a row of every table has the name that people know it by, or an id', async () => {
  const owner = newOwner();
  const labels: Record<string, unknown> = {};
  for (const { table, prepare } of collections) {
    const { items } = EXPECTED[table.name]!;
    await landPages(database, owner, [[table, items.map((item) => prepare(item, filters))]]);
    const { rows } = await database.db.execute<{ label: string }>(
      sql`select ${table.label('t')} as label from ${table.sql} t order by 1`,
    );
    labels[table.name] = rows.map(({ label }) => label).sort();
  }
  expect(labels).toEqual(
    Object.fromEntries(Object.entries(EXPECTED).map(([name, { labels: each }]) => [name, [...each].sort()])),
  );
});
