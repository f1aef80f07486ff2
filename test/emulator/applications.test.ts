import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startEmulator, type Emulator } from '../../src/emulator/emulator.js';
import { guid } from '../../src/emulator/guid.js';
import { assignment } from '../../src/emulator/sample/assignments.js';
import { SAMPLE_TENANT_ID } from '../../src/emulator/sample/constants.js';
import type { TenantData } from '../../src/emulator/tenant/tenant-data.js';
import { createTestClient, type TestClient } from './client.js';
import { loadSchemas } from './schemas.js';

const judge = loadSchemas();
let emulator: Emulator;
let client: TestClient;
let tenant: TenantData;
const spId = (name: string): string => guid('sample service principal', name);

beforeAll(async () => {
  emulator = await startEmulator();
  client = createTestClient(emulator);
  tenant = emulator.tenants.get(SAMPLE_TENANT_ID)!;
});
afterAll(async () => {
  await client[Symbol.asyncDispose]();
  await emulator.close();
});

test('service principals come in full without $select, and as Microsoft describes them', async () => {
  const all = [];
  for await (const page of client.pages('/v1.0/servicePrincipals?$top=20')) all.push(...page);
  expect(all).toHaveLength(tenant.servicePrincipals.size);
  expect(all[0]).toMatchObject({ verifiedPublisher: { displayName: null }, appRoleAssignmentRequired: false });
  if (judge !== undefined) for (const one of all) expect(judge('servicePrincipal', one)).toEqual([]);
});

test('one is found by its id and by its application id', async () => {
  const graph = await client.graph(
    "/v1.0/servicePrincipals(appId='00000003-0000-0000-c000-000000000000')?$select=id,displayName",
  );
  expect(graph.json).toMatchObject({ displayName: 'Microsoft Graph' });
  expect((await client.graph(`/v1.0/servicePrincipals/${String(graph.json['id'])}`)).json['displayName']).toBe(
    'Microsoft Graph',
  );
  expect((await client.graph(`/v1.0/servicePrincipals(appId='${guid('none')}')`)).status).toBe(404);
});

test('publisherName is unknown in v1.0 and spoils the request', async () => {
  expect((await client.graph('/v1.0/servicePrincipals?$select=id,publisherName')).status).toBe(400);
});

test('assignments come in pages, each once, as Microsoft describes them', async () => {
  const path = `/v1.0/servicePrincipals/${spId('Timesheets')}/appRoleAssignedTo`;
  const pages = [];
  for await (const page of client.pages(path)) pages.push(page);
  expect(pages.map((page) => page.length)).toEqual([100, 100, 51]);
  const all = pages.flat();
  expect(new Set(all.map(({ id }) => id)).size).toBe(251);
  expect(new Set(all.map(({ principalType }) => principalType))).toEqual(new Set(['User', 'Group']));
  if (judge !== undefined) for (const one of all) expect(judge('appRoleAssignment', one)).toEqual([]);
  expect(emulator.requests.at(-1)).toMatchObject({ units: 1 });
});

test('an assignment that goes in the middle of a listing moves no other', async () => {
  const resource = spId('Everest Travel');
  const path = `/v1.0/servicePrincipals/${resource}/appRoleAssignedTo?$top=10`;
  const { json } = await client.graph(path);
  const first = (json['value'] as { id: string }[]).map(({ id }) => id);
  const all = tenant.appRoleAssignments.of(resource).map(({ id }) => id);
  tenant.appRoleAssignments.remove(resource, ({ id }) => id === first[3]);
  const rest = [];
  for await (const page of client.pages(String(json['@odata.nextLink']))) rest.push(...page.map(({ id }) => id));
  expect([...first, ...rest]).toEqual(all);
});

test('who is deleted is assigned no more, until restored', async () => {
  const resource = tenant.servicePrincipals.get(spId('Canteen Menu'))!;
  const user = tenant.users.at(3);
  tenant.appRoleAssignments.add(resource.id, assignment(resource, user, 'User'));
  const count = async (): Promise<number> => {
    const { json } = await client.graph(`/v1.0/servicePrincipals/${resource.id}/appRoleAssignedTo?$top=999`);
    return (json['value'] as unknown[]).length;
  };
  expect(await count()).toBe(1);
  tenant.users.softDelete(user.id);
  expect(await count()).toBe(0);
  tenant.users.restore(user.id);
  expect(await count()).toBe(1);
});

test('assignments of an application that does not exist are not found', async () => {
  const { status, json } = await client.graph(`/v1.0/servicePrincipals/${guid('none')}/appRoleAssignedTo`);
  expect([status, json['error']]).toEqual([404, expect.objectContaining({ code: 'Request_ResourceNotFound' })]);
});
