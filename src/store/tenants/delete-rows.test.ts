import { randomUUID } from 'node:crypto';
import { createTestDatabase, embedded, type TestDatabase } from '../../../test/support/servers/database.js';
import { landSignIns, newOwner, rowsOf, signIn } from '../../../test/support/setup/stage.js';
import { everythingBut, tablesWith } from '../../../test/support/tenant-rows.js';
import { tenantSchema } from '../../settings/tenant.js';
import { lockPairs } from '../access/access-pairs.js';
import { beginActions } from '../actions/operator-actions.js';
import { users } from '../schema/index.js';
import { openStaging, type Owner } from '../landing/staging.js';
import { syncTable } from '../landing/sync-table.js';
import { deleteTenantRows, type DeleteOptions } from './delete-rows.js';
import { saveTenants } from './tenants.js';

const DAY = '2026-03-03';
const roleOf = ({ id }: Owner) => `role_${id.replaceAll('-', '')}`;

let database: TestDatabase;
let [mine, other] = [newOwner(), newOwner()];
beforeEach(async () => {
  database = await createTestDatabase(embedded());
  [mine, other] = [newOwner(), newOwner()];
  for (const owner of [other, mine]) await fill(owner);
});
afterEach(async () => {
  await database.drop();
});

const keep = (owner: Owner, role: string | null) =>
  saveTenants(database, [
    tenantSchema.parse({ tenant_id: owner.tenantId, name: roleOf(owner), credential: 'managed-identity', role }),
  ]);

/** Whatever there may be of a tenant, in the tables that know of it and in those that name it otherwise. */
async function fill(owner: Owner): Promise<void> {
  const { tenantId, id } = owner;
  await keep(owner, null);
  await landSignIns(database, newOwner({ tenantId, task: 'sso-access' }), rowsOf([signIn('a', `${DAY}T01:00:00Z`)]));
  await openStaging(database, owner, [syncTable(users)]);
  // Of a task that this version has no more.
  await openStaging(database, newOwner({ tenantId, task: 'earlier' }), []);
  await database.transaction(({ db }) => lockPairs(db, tenantId));
  const budget = `insert into rollcall_staging.budgets values ($1, 'bucket', 0, 1, now(), now())`;
  await database.pool.query(budget, [`${tenantId}/${randomUUID()}`]);
  await database.pool.query(
    `with run as (insert into rollcall_data.runs (id, tenant_id, task) values ($2, $1, 'hr-roster')),
       person as (insert into rollcall_data.users (tenant_id, user_id, email_aliases, anonymized, row_hash, first_seen_at, changed_at)
         values ($1, $2, '{}', false, $1, now(), now()))
     insert into rollcall_data.changes (tenant_id, task, run_id, table_name, row_key, kind, changed_at)
     select $1, 'hr-roster', $2, 'users', '{}', 'removed', now() from generate_series(1, 5001)`,
    [tenantId, id],
  );
  const operator = { actor: 'me', claimedActor: null, way: 'command-line', host: 'here' } as const;
  await beginActions(database.db, operator, [{ action: 'sync', tenantId }]);
}

const remove = (options: Partial<DeleteOptions> = {}, of = database) =>
  deleteTenantRows(of, {
    tenantId: mine.tenantId,
    tasks: [mine.task, 'sso-access'],
    signal: new AbortController().signal,
    onDeleted() {},
    ...options,
  });

/** All there is beside a tenant, also where no column says whose it is. */
const rest = async () => [
  await everythingBut(database, mine.tenantId),
  ...(await Promise.all(
    [
      `select * from rollcall_staging.checkpoints where tenant_id <> '${mine.tenantId}' order by 1`,
      `select * from rollcall_staging.budgets where application not like '${mine.tenantId}%'`,
      `select * from rollcall_staging.turns where name not like '%${mine.tenantId}' order by 1`,
      `select relname from pg_class where relnamespace = 'rollcall_staging'::regnamespace and relname like 'users%${other.id}'`,
      `select tenant_id from rollcall_data.operator_actions order by 1`,
    ].map((sql) => database.rows(sql)),
  )),
];
const mayRead = async (owner: Owner) =>
  (
    await database.rows<{ may: boolean }>(
      `select has_schema_privilege(oid, 'rollcall', 'usage') and has_table_privilege(oid, 'rollcall.hr_roster', 'select') as may
       from pg_roles where rolname = $1`,
      [roleOf(owner)],
    )
  )[0]?.may;

test('every row of a tenant is deleted and told, and whatever else knows it; nothing of others, nor what people told Rollcall', async () => {
  for (const owner of [mine, other]) await keep(owner, roleOf(owner));
  const before = await rest();
  const told = new Map<string, number>();
  await remove({ onDeleted: (table, rows) => told.set(table.replace('rollcall_data.', ''), rows) });
  expect(await rest()).toEqual(before);
  expect(await tablesWith(database, mine.tenantId)).toEqual([]);
  expect(await database.rows(`select from pg_class where relname = 'users_${mine.id}'`)).toEqual([]);
  expect([...told]).toEqual([
    ['changes', 5001],
    ['sign_in_events_20260303', 1],
    ['sign_in_totals', 1],
    ['users', 1],
    ['runs', 1],
  ]);
  expect([await mayRead(mine), await mayRead(other)]).toEqual([false, true]);
  await remove({ tenantId: other.tenantId });
  await database.pool.query(`drop role ${roleOf(mine)}, ${roleOf(other)}`);
});

test('one that is told to stop stops before the next table; that there was a tenant, and its runs, go last', async () => {
  const stop = new AbortController();
  const of = (table: string) =>
    database.rows(`select from rollcall_data.${table} where tenant_id = $1`, [mine.tenantId]);
  const onDeleted = (table: string) => table === 'rollcall_data.users' && stop.abort(new Error('stopped'));
  await expect(remove({ signal: stop.signal, onDeleted })).rejects.toThrow('stopped');
  expect([await of('users'), await of('runs'), await of('tenants')]).toEqual([[], [{}], [{}]]);
  await remove();
  expect(await tablesWith(database, mine.tenantId)).toEqual([]);
});

test('a day that is dropped in the meantime does not stop it', async () => {
  let dropping: Promise<unknown> = Promise.resolve();
  const connect = async () => {
    await dropping;
    return database.pool.connect();
  };
  const onDeleted = () => {
    dropping = database.pool.query('drop table if exists rollcall_data.sign_in_events_20260303');
  };
  const pool = Object.assign(Object.create(database.pool) as TestDatabase['pool'], { connect });
  await remove({ onDeleted }, { ...database, pool });
  expect(await tablesWith(database, mine.tenantId)).toEqual([]);
  await database.pool.query('truncate rollcall_data.sign_in_totals');
});
