import { randomUUID } from 'node:crypto';
import { createTestDatabase, embedded, type TestDatabase } from '../../../test/support/servers/database.js';
import { RollcallError } from '../../errors.js';
import { tenantSchema } from '../../settings/tenant.js';
import { failedLogins, findTenantFacts, noteLogin } from './tenant-facts.js';
import { findTenant, saveTenants, setEnabled, startRemoval } from './tenants.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(embedded());
});
afterAll(() => database.drop());

const [mine, other] = [randomUUID(), randomUUID()];
const settings = (tenantId: string, special: object = {}) =>
  tenantSchema.parse({ tenant_id: tenantId, name: `t${tenantId}`, credential: 'managed-identity', ...special });
beforeEach(async () => {
  await database.pool.query('truncate rollcall_data.tenants, rollcall_data.tenant_facts');
  await saveTenants(database, [settings(mine), settings(other)]);
});
const rowOf = async (tenantId: string) => (await findTenant(database, tenantId))!;
const LONG_AGO = '2026-01-01 00:00:00+00';
const set = (column: string, value = LONG_AGO) =>
  database.pool.query(`update rollcall_data.tenants set ${column} = $2 where tenant_id = $1`, [mine, value]);

describe('a tenant', () => {
  test('is disabled and enabled alone, and hears whether it was so already', async () => {
    const before = await rowOf(other);
    expect(await setEnabled(database, { tenantId: mine }, true)).toBe(false);
    expect(await setEnabled(database, { tenantId: mine }, false)).toBe(true);
    const disabled = await rowOf(mine);
    expect(await setEnabled(database, { tenantId: mine }, false)).toBe(false);
    expect(await rowOf(mine)).toEqual(disabled);
    expect(await setEnabled(database, { tenantId: mine }, true)).toBe(true);
    expect(await rowOf(mine)).toMatchObject({ disabledAt: null });
    expect(await rowOf(other)).toEqual(before);
  });

  test('that is described again as disabled is so since the first time', async () => {
    await set('disabled_at');
    await saveTenants(database, [settings(mine, { disabled: true })]);
    expect(await rowOf(mine)).toMatchObject({ disabledAt: LONG_AGO });
    await saveTenants(database, [settings(mine)]);
    expect(await rowOf(mine)).toMatchObject({ disabledAt: null });
  });

  test('that is being removed is neither enabled nor described again', async () => {
    await set('disabled_at');
    const before = await rowOf(other);
    await startRemoval(database, mine);
    const removing = await rowOf(mine);
    expect(removing).toMatchObject({ disabledAt: LONG_AGO, removingAt: expect.any(String) });
    expect(await setEnabled(database, { tenantId: mine }, true)).toBe(false);
    await expect(saveTenants(database, [settings(mine)])).rejects.toMatchObject({ code: 'busy' });
    expect(await rowOf(mine)).toEqual(removing);
    expect(await rowOf(other)).toEqual(before);
  });

  test.each(['name', 'role'])('takes no %s of another, and then nothing of the file is kept', async (field) => {
    await set(field, 'taken');
    const before = await rowOf(mine);
    const third = randomUUID();
    const saving = saveTenants(database, [settings(third), settings(other, { [field]: 'taken' })]);
    await expect(saving).rejects.toMatchObject({ code: 'command_invalid' });
    expect([await findTenant(database, third), await rowOf(mine)]).toEqual([undefined, before]);
  });
});

test('why nobody can log in is told since the first failure, until somebody can', async () => {
  const failure = (text: string) => new RollcallError('login_refused', text, 'Do it.');
  await noteLogin(database, other, failure('refused'));
  const before = await findTenantFacts(database, other);
  await noteLogin(database, mine, failure('first'));
  await database.pool.query('update rollcall_data.tenant_facts set login_failed_at = $2 where tenant_id = $1', [
    mine,
    LONG_AGO,
  ]);
  await noteLogin(database, mine, failure('second'));
  expect(await failedLogins(database)).toEqual([
    before,
    expect.objectContaining({ tenantId: mine, loginFailedAt: LONG_AGO, loginError: 'second' }),
  ]);
  await noteLogin(database, mine);
  expect(await failedLogins(database)).toEqual([before]);
  await noteLogin(database, mine, failure('third'));
  expect((await findTenantFacts(database, mine))!.loginFailedAt).not.toBe(LONG_AGO);
});
