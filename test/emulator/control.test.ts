import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startEmulator, type Emulator } from '../../src/emulator/emulator.js';
import { SAMPLE_CLIENT_ID, SAMPLE_TENANT_ID } from '../../src/emulator/sample/constants.js';
import type { TenantData } from '../../src/emulator/tenant/tenant-data.js';
import { createTestClient, type SendOptions, type TestClient } from './client.js';

let emulator: Emulator;
let client: TestClient;
let tenant: TenantData;

beforeAll(async () => {
  emulator = await startEmulator();
  client = createTestClient(emulator);
  tenant = emulator.tenants.get(SAMPLE_TENANT_ID)!;
});
afterAll(async () => {
  await client[Symbol.asyncDispose]();
  await emulator.close();
});

async function change(method: NonNullable<SendOptions['method']>, path: string, body?: unknown): Promise<number> {
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  return (await client.send(`/emulator/tenants/${SAMPLE_TENANT_ID}/${path}`, { method, ...sent })).status;
}

test('another process adds, changes, deletes and restores people', async () => {
  const { id } = tenant.users.at(5);
  expect(await change('PATCH', `users/${id}`, { department: 'Moved' })).toBe(200);
  expect(tenant.users.get(id)).toMatchObject({ department: 'Moved' });
  expect(await change('DELETE', `users/${id}`)).toBe(200);
  expect(tenant.users.get(id)).toBeUndefined();
  expect(await change('POST', `users/${id}/restore`)).toBe(200);
  expect(await change('PUT', 'users/new', { displayName: 'New' })).toBe(200);
  expect(tenant.users.get('new')).toEqual({ id: 'new', displayName: 'New' });
  expect(await change('DELETE', 'users/new?permanently')).toBe(200);
  expect([...tenant.users.removals()]).toEqual([['new', 'deleted']]);
});

test('another process changes members, assignments, sign-ins, settings and rights', async () => {
  const group = tenant.groups.at(0).id;
  const app = tenant.servicePrincipals.at(0).id;
  const { id } = tenant.users.at(300);
  expect(await change('POST', `members/${group}`, { type: 'user', id })).toBe(200);
  expect(tenant.members.of(group).at(-1)).toEqual({ type: 'user', id });
  expect(await change('DELETE', `members/${group}/${id}`)).toBe(200);
  expect(tenant.members.of(group).some((member) => member.id === id)).toBe(false);
  expect(await change('POST', `appRoleAssignments/${app}`, { id: 'a', principalId: id, principalType: 'User' })).toBe(
    200,
  );
  expect(tenant.appRoleAssignments.of(app).some((one) => one.id === 'a')).toBe(true);
  expect(await change('DELETE', `appRoleAssignments/${app}/a`)).toBe(200);
  expect(await change('POST', 'signIns', [{ id: 's', createdDateTime: '2040-01-01T00:00:00Z', userId: id }])).toBe(200);
  expect([...tenant.signIns.newestFirst()][0]).toMatchObject({ id: 's' });
  expect(await change('PATCH', 'settings', { premium: false, concealedNames: true })).toBe(200);
  expect(tenant).toMatchObject({ premium: false, concealedNames: true });
  expect(await change('PATCH', `applications/${SAMPLE_CLIENT_ID}`, { roles: ['User.Read.All'] })).toBe(200);
  expect(tenant.applications.get(SAMPLE_CLIENT_ID)!.roles).toEqual(['User.Read.All']);
});

test('what makes no sense is said and changes nothing', async () => {
  expect(await change('DELETE', 'users/nobody')).toBe(400);
  expect(await change('PATCH', 'settings', { premium: 'yes' })).toBe(400);
  expect(await change('POST', 'nothing', {})).toBe(400);
  expect((await client.send('/emulator/tenants/none/users/x', { method: 'DELETE' })).json['problem']).toContain(
    'no such tenant',
  );
  expect((await client.send('/emulator/nothing')).status).toBe(400);
});

test('the control surface leaves no trace in the log', () => {
  expect(emulator.requests).toEqual([]);
});
