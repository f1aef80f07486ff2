import { createTestDatabase, embedded, type TestDatabase } from '../../../test/support/servers/database.js';
import { waitsFor } from '../../../test/support/setup/stage.js';
import type { Session } from '../database.js';
import { createPartitions, dropPartition, partitionsOf } from './day-partitions.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(embedded());
});
afterAll(() => database.drop());

const DAY = '2026-03-03';
const create = (db: Session['db']) => createPartitions(db, 'access_log', [DAY]);
const drop = (db: Session['db']) => dropPartition(db, 'access_log', DAY);
const days = () => partitionsOf(database.db, 'access_log');

test('two who make the same day at once make it once, and two who drop it drop it once', async () => {
  expect(await waitsFor(database, create, () => database.transaction(({ db }) => create(db)))).toBe(true);
  expect(await days()).toEqual([DAY]);
  expect(await waitsFor(database, drop, () => database.transaction(({ db }) => drop(db)))).toBe(true);
  expect(await days()).toEqual([]);
});
