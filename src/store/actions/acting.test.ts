import { createTestDatabase, embedded, type TestDatabase } from '../../../test/support/servers/database.js';
import { RollcallError } from '../../errors.js';
import type { Operator } from '../index.js';
import { acting } from './acting.js';

const OPERATOR: Operator = { actor: 'anna', claimedActor: null, way: 'command-line', host: 'desk' };
const RUN = '00000000-0000-4000-8000-00000000abcd';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase(embedded());
});
afterEach(() => database.drop());

const actions = () => database.rows('select * from rollcall.operator_actions order by id');

test('an action is written down before its work begins: if the process is killed in the middle, the row says so', async () => {
  let during: unknown;
  const work = acting(database, OPERATOR, { action: 'release', runId: RUN }, async () => {
    during = await actions();
  });
  await work;
  const row = { action: 'release', run_id: RUN, actor: 'anna', host: 'desk' };
  expect(during).toEqual([expect.objectContaining({ ...row, outcome: 'begun', ended_at: null })]);
  expect(await actions()).toEqual([expect.objectContaining({ ...row, outcome: 'done' })]);
});

test('done is true only with the transaction that did it', async () => {
  const lost = acting(database, OPERATOR, { action: 'release', runId: RUN }, (action) =>
    database.transaction(async ({ db }) => {
      await action.done(db, { details: { removed: 7 } });
      throw new RollcallError('database_unreachable', 'connection terminated', 'wait');
    }),
  );
  await expect(lost).rejects.toThrow('connection terminated');
  const kept = acting(database, OPERATOR, { action: 'release', runId: RUN }, async (action) => {
    await database.transaction(({ db }) => action.done(db, { details: { removed: 7 } }));
    throw new Error('the queue went away afterwards');
  });
  await expect(kept).rejects.toThrow('the queue');
  expect(await actions()).toEqual([
    expect.objectContaining({ outcome: 'failed', error_code: 'database_unreachable', details: {} }),
    expect.objectContaining({ outcome: 'done', error_code: null, details: { removed: 7 } }),
  ]);
});

test('what is kept of names and details is bounded, and says so', async () => {
  const operator = { ...OPERATOR, actor: 'x'.repeat(5000), host: `desk\0${'x'.repeat(5000)}` };
  const details = { full: true, odd: 'a\0\ud800', long: ['y'.repeat(20_000)] };
  await acting(database, operator, { action: 'sync', details }, async () => {});
  expect(await actions()).toEqual([
    expect.objectContaining({
      actor: 'x'.repeat(256),
      host: `desk${'x'.repeat(252)}`,
      details: { full: true, odd: 'a\ufffd\ufffd', cut: true },
    }),
  ]);
});
