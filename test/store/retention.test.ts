import { jest } from '@jest/globals';
import { createAccessLog } from '../../src/store/access-log/access-log.js';
import { partitionsOf } from '../../src/store/sql/day-partitions.js';
import { dropOldSignIns } from '../../src/store/access/sign-in-partitions.js';
import { createTestDatabase, embedded, silent, type TestDatabase } from '../support/servers/database.js';
import { landSignIns, newOwner, rowsOf, signIn } from '../support/setup/stage.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(embedded());
  jest.spyOn(Date, 'now').mockReturnValue(Date.parse('2026-05-20T12:00:00Z'));
});
afterAll(async () => {
  jest.restoreAllMocks();
  await database.drop();
});

const DAYS = ['2026-05-12', '2026-05-13', '2026-05-19'];
const noonOf = (day: string) => `${day}T12:00:00.000Z`;
const EXCHANGE = {
  method: 'GET',
  uri: 'https://graph.example/v1.0/users',
  status: 200,
  error: null,
  durationMs: 1,
  bytes: 1,
  attempt: 1,
  clientRequestId: null,
  requestId: null,
  resourceUnits: null,
};

test('of the access log seven days are kept before today, whole ones', async () => {
  const log = createAccessLog({ asker: 'worker', retentionDays: 7, log: silent });
  log.writeTo(database);
  const record = log.for({ tenantId: newOwner().tenantId, application: null, credential: 'managed-identity' });
  for (const day of DAYS) record({ ...EXCHANGE, at: noonOf(day) });
  await log.close();
  expect(await partitionsOf(database.db, 'access_log')).toEqual(DAYS.slice(1));
});

test('of sign-ins as many days are kept as a tenant keeps, whole ones', async () => {
  const owner = newOwner({ task: 'sso-access' });
  await landSignIns(database, owner, rowsOf(DAYS.map((day) => signIn(day, noonOf(day)))));
  await dropOldSignIns(database, owner.tenantId, 7);
  expect(await partitionsOf(database.db, 'sign_in_events')).toEqual(DAYS.slice(1));
});
