import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startEmulator, type Emulator } from '../../src/emulator/emulator.js';
import { guid } from '../../src/emulator/guid.js';
import { SAMPLE_CLIENT_ID, SAMPLE_TENANT_ID } from '../../src/emulator/sample/constants.js';
import type { TenantData } from '../../src/emulator/tenant/tenant-data.js';
import { createTestClient, type TestClient } from './client.js';
import { loadSchemas } from './schemas.js';

const judge = loadSchemas();
let emulator: Emulator;
let client: TestClient;
let tenant: TenantData;
const groupId = (name: string): string => guid('sample group', name);

beforeAll(async () => {
  emulator = await startEmulator();
  client = createTestClient(emulator);
  tenant = emulator.tenants.get(SAMPLE_TENANT_ID)!;
});
afterAll(async () => {
  await client[Symbol.asyncDispose]();
  await emulator.close();
});

async function members(name: string, query = ''): Promise<Record<string, unknown>[]> {
  const all = [];
  for await (const page of client.pages(`/v1.0/groups/${groupId(name)}/members${query}`)) all.push(...page);
  return all;
}

test('members of all types come with their type; what may not be read is an id and nulls', async () => {
  const all = await members('Warehouse', '?$select=id,displayName,userPrincipalName,deviceId');
  expect(new Set(all.map((member) => member['@odata.type']))).toEqual(
    new Set(['#microsoft.graph.user', '#microsoft.graph.group', '#microsoft.graph.device']),
  );
  expect(all.find((member) => member['@odata.type'] === '#microsoft.graph.group')).toMatchObject({
    displayName: 'Nested: Warehouse Leads',
  });
  const device = all.find((member) => member['@odata.type'] === '#microsoft.graph.device');
  expect(device).toEqual({
    '@odata.type': '#microsoft.graph.device',
    id: expect.any(String),
    displayName: null,
    deviceId: null,
  });
  const [supplier] = await members('Suppliers');
  expect(supplier).toMatchObject({ '@odata.type': '#microsoft.graph.orgContact', displayName: null, mail: null });
});

test('without the permission for users, users too are only ids', async () => {
  const application = tenant.applications.get(SAMPLE_CLIENT_ID)!;
  const { roles } = application;
  application.roles = ['GroupMember.Read.All'];
  const authorization = `Bearer ${String((await client.login()).json['access_token'])}`;
  application.roles = roles;
  const { json } = await client.graph(`/v1.0/groups/${groupId('Sales')}/members?$select=id,mail`, {
    headers: { authorization },
  });
  for (const member of json['value'] as Record<string, unknown>[])
    expect(member).toMatchObject({ id: expect.any(String), mail: null });
});

test('service principals are members and are not returned, as in v1.0', async () => {
  expect(tenant.members.of(groupId('Automation')).filter(({ type }) => type === 'servicePrincipal')).toHaveLength(1);
  expect(await members('Automation')).toHaveLength(3);
});

test('a large group comes in pages, an empty one as an empty page, an unknown one not', async () => {
  expect(await members('Everyone in Utrecht', '?$select=id')).toHaveLength(150);
  expect(await members('Nobody')).toEqual([]);
  expect((await client.graph(`/v1.0/groups/${groupId('none')}/members`)).status).toBe(404);
  expect(emulator.requests.find(({ path }) => path.endsWith('members?$select=id'))).toMatchObject({ units: 2 });
});

test('a deleted user is a member no more', async () => {
  const [member] = tenant.members.of(groupId('Painters'));
  const before = await members('Painters');
  tenant.users.softDelete(member!.id);
  expect(await members('Painters')).toHaveLength(before.length - 1);
  tenant.users.restore(member!.id);
});

test('a cast to a type is an advanced query', async () => {
  const path = `/v1.0/groups/${groupId('Warehouse')}/members/microsoft.graph.user`;
  expect((await client.graph(path)).status).toBe(400);
  const { json } = await client.graph(`${path}?$count=true`, { headers: { consistencylevel: 'eventual' } });
  expect(json['value']).toHaveLength(12);
});

test('hidden membership needs a permission of its own', async () => {
  tenant.groups.update(groupId('Buyers'), { visibility: 'HiddenMembership' });
  expect((await client.graph(`/v1.0/groups/${groupId('Buyers')}/members`)).status).toBe(403);
});

(judge === undefined ? test.skip : test)('groups and their members are what the metadata of Graph allows', async () => {
  for await (const page of client.pages('/v1.0/groups'))
    for (const group of page) expect(judge!('group', group)).toEqual([]);
  for (const member of await members('Odd people')) expect(judge!('user', member)).toEqual([]);
});
