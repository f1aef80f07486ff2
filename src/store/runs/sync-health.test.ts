import { randomUUID } from 'node:crypto';
import { createTestDatabase, embedded, type TestDatabase } from '../../../test/support/servers/database.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(embedded());
});
afterAll(() => database.drop());

test('the last complete run of each task and tenant is shown, with how many of its own came since', async () => {
  const [mine, other] = [randomUUID(), randomUUID()];
  const [hr, sso] = ['hr-roster', 'sso-roster'];
  const runs: [tenantId: string, task: string | undefined, hoursAgo: number, outcome: string][] = [
    [mine, hr, 9, 'complete'],
    [mine, hr, 8, 'failed'],
    [mine, hr, 7, 'complete'],
    [mine, hr, 6, 'partial'],
    [mine, hr, 5, 'running'],
    [mine, sso, 8, 'held'],
    [mine, 'sso-access', 2, 'complete'],
    [other, hr, 4, 'complete'],
    [other, sso, 3, 'complete'],
    [other, sso, 1, 'cancelled'],
  ];
  for (const [tenantId, task, hoursAgo, outcome] of runs)
    await database.pool.query(
      `insert into rollcall_data.runs (id, tenant_id, task, outcome, started_at, ended_at, items)
       select gen_random_uuid(), $1, $2, $3, began, case when $3 <> 'running' then began + interval '30 minutes' end, $4
       from (select now() - $4 * interval '1 hour' as began) r`,
      [tenantId, task, outcome, hoursAgo],
    );
  const shown = await database.rows(
    `select tenant_id, task, items, extract(epoch from age)::int / 360 / 10.0 as age, runs_since from rollcall.sync_health`,
  );
  expect(
    shown.map((row) => [row['tenant_id'], row['task'], row['items'], Number(row['age']), row['runs_since']]),
  ).toEqual(
    expect.arrayContaining([
      [mine, hr, '7', 6.5, 2],
      [mine, 'sso-access', '2', 1.5, 0],
      [other, hr, '4', 3.5, 0],
      [other, sso, '3', 2.5, 1],
    ]),
  );
  expect(shown).toHaveLength(4);
});
