import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { startEmulator, type Emulator } from '../../src/emulator/emulator.js';
import { SAMPLE_TENANT_ID } from '../../src/emulator/sample/constants.js';
import type { TenantData } from '../../src/emulator/tenant/tenant-data.js';
import { createTestClient, type TestClient } from './client.js';

let emulator: Emulator;
let client: TestClient;
let tenant: TenantData;
beforeAll(async () => {
  emulator = await startEmulator();
  client = createTestClient(emulator);
  tenant = emulator.tenants.get(SAMPLE_TENANT_ID)!;
});
afterEach(() => emulator.faults.clear());
afterAll(async () => {
  await client[Symbol.asyncDispose]();
  await emulator.close();
});

const BIN = '/v1.0/directory/deletedItems';
const EVENTUAL = { headers: { ConsistencyLevel: 'eventual' } };
const first = (table: TenantData['users']) => table.at(table.places(-1, 1)[0]!);

test('what is deleted lies among the deleted items until it is restored or deleted for good', async () => {
  const id = 'b19b19b1-0000-4000-8000-0000000a0001';
  tenant.users.put({ ...first(tenant.users), id });
  expect((await client.graph(`${BIN}/${id}`)).status).toBe(404);
  tenant.users.softDelete(id);
  expect(await client.graph(`${BIN}/${id}?$select=id`)).toMatchObject({
    status: 200,
    json: { id, '@odata.type': '#microsoft.graph.user' },
  });
  expect((await client.graph(`${BIN}/microsoft.graph.user/${id}`)).status).toBe(200);
  expect((await client.graph(`${BIN}/microsoft.graph.servicePrincipal/${id}`)).status).toBe(404);
  expect((await client.graph(`${BIN}/microsoft.graph.user?$select=id`)).json['value']).toEqual([{ id }]);
  tenant.users.restore(id);
  expect((await client.graph(`${BIN}/${id}`)).status).toBe(404);
  tenant.users.softDelete(id);
  tenant.users.hardDelete(id);
  expect((await client.graph(`${BIN}/${id}`)).status).toBe(404);
});

test('without a type the deleted items are not listed', async () => {
  expect((await client.graph(BIN)).status).toBe(400);
});

test('applications and what belongs to them are counted as users are: as text, for an advanced query', async () => {
  const { id } = first(tenant.servicePrincipals);
  const group = first(tenant.groups);
  for (const [path, count] of [
    ['/v1.0/servicePrincipals/$count', tenant.servicePrincipals.size],
    [`/v1.0/servicePrincipals/${id}/appRoleAssignedTo/$count`, tenant.appRoleAssignments.of(id).length],
    [`/v1.0/groups/${group.id}/members/$count`, tenant.members.of(group.id).length],
  ] as const) {
    expect(await client.graph(path, EVENTUAL)).toMatchObject({ status: 200, text: String(count) });
    expect((await client.graph(path)).status).toBe(400);
    const json = { headers: { ...EVENTUAL.headers, Accept: 'application/json' } };
    expect((await client.graph(path, json)).status).toBe(415);
  }
});

test('a fault tells of each object only some properties, or leaves out a link', async () => {
  emulator.faults.add(
    { path: '/v1.0/users?', action: { kind: 'tell-part', properties: ['mail'] } },
    { path: '/v1.0/users?', nth: 2, action: { kind: 'drop-link' } },
  );
  const PAGE = '/v1.0/users?$select=id,mail,displayName&$top=2';
  const { json } = await client.graph(PAGE);
  expect((json['value'] as object[]).map((user) => Object.keys(user).toSorted())).toEqual([
    ['id', 'mail'],
    ['id', 'mail'],
  ]);
  expect(json['@odata.nextLink']).toBeDefined();
  const second = await client.graph(PAGE);
  expect(second.json['@odata.nextLink']).toBeUndefined();
  expect(second.json['value']).toHaveLength(2);
});
