import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startEmulator, type Emulator } from '../../src/emulator/emulator.js';
import { generateTenant } from '../../src/emulator/generate/generate-tenant.js';
import { SAMPLE_TENANT_ID } from '../../src/emulator/sample/constants.js';
import { sampleTenant } from '../../src/emulator/sample/sample-tenant.js';
import type { TenantData } from '../../src/emulator/tenant/tenant-data.js';
import { createTestClient, type TestClient } from './client.js';
import { loadSchemas } from './schemas.js';

const judge = loadSchemas();
const SELECT = '$select=id,displayName,department,mail';
let emulator: Emulator;
let client: TestClient;
let tenant: TenantData;
let now = Date.parse('2026-03-01T12:00:00Z');
let link: string;

beforeAll(async () => {
  emulator = await startEmulator({
    clock: () => now,
    tokenLifetimeSeconds: 30 * 86_400,
    tenants: [sampleTenant(), generateTenant({ users: 1 })],
  });
  client = createTestClient(emulator);
  tenant = emulator.tenants.get(SAMPLE_TENANT_ID)!;
});
beforeEach(async () => {
  link = String((await client.graph(`/v1.0/users/delta?$deltatoken=latest&${SELECT}`)).json['@odata.deltaLink']);
});
afterAll(async () => {
  await client[Symbol.asyncDispose]();
  await emulator.close();
});

async function round(
  start: string,
  headers = {},
): Promise<{ items: Record<string, unknown>[]; pages: number; next: string }> {
  const items: Record<string, unknown>[] = [];
  for (let pages = 1, at = start; ; pages += 1) {
    const { json } = await client.graph(at, { headers });
    if (judge !== undefined) expect(judge('collection-envelope', json)).toEqual([]);
    items.push(...(json['value'] as Record<string, unknown>[]));
    if (typeof json['@odata.deltaLink'] === 'string') return { items, pages, next: json['@odata.deltaLink'] };
    at = String(json['@odata.nextLink']);
  }
}

test('the latest token begins with nothing', async () => {
  const { items, next } = await round(link);
  expect(items).toEqual([]);
  expect((await round(next)).items).toEqual([]);
});

test('an initial round lists everyone in pages of 200, what was never set left out', async () => {
  const { items, pages } = await round(`/v1.0/users/delta?${SELECT}`);
  expect(pages).toBe(Math.ceil(tenant.users.size / 200));
  expect(items).toHaveLength(tenant.users.size);
  const withoutMail = tenant.users
    .places(-1, Infinity)
    .map((place) => tenant.users.at(place))
    .find(({ mail }) => mail === null)!;
  expect(items.find(({ id }) => id === withoutMail.id)).not.toHaveProperty('mail');
  if (judge !== undefined) for (const item of items) expect(judge('user', item)).toEqual([]);
});

test('a round tells what changed in what was selected, and a value that became null as null', async () => {
  const [one, two, three] = [tenant.users.at(0), tenant.users.at(1), tenant.users.at(2)];
  tenant.users.update(one.id, { department: 'Elsewhere', mail: null });
  tenant.users.update(two.id, { jobTitle: 'Unseen' });
  tenant.users.update(three.id, { displayName: 'First' });
  tenant.users.update(three.id, { displayName: 'Last' });
  const { items, next } = await round(link);
  expect(items).toEqual([
    { id: one.id, displayName: one['displayName'], department: 'Elsewhere', mail: null },
    expect.objectContaining({ id: three.id, displayName: 'Last' }),
  ]);
  const minimal = await round(link, { prefer: 'return=minimal' });
  expect(minimal.items).toEqual([
    { id: one.id, department: 'Elsewhere', mail: null },
    { id: three.id, displayName: 'Last' },
  ]);
  expect((await round(next)).items).toEqual([]);
});

test('the deleted come with a reason, the restored as they are, the new as new', async () => {
  const [gone, lost, back] = [tenant.users.at(10), tenant.users.at(11), tenant.users.at(12)];
  tenant.users.softDelete(gone.id);
  tenant.users.hardDelete(lost.id);
  tenant.users.softDelete(back.id);
  tenant.users.restore(back.id);
  tenant.users.put({ id: '0badf00d-0000-4000-8000-000000000000', displayName: 'New' });
  const { items } = await round(link);
  expect(items).toEqual([
    { id: gone.id, '@removed': { reason: 'changed' } },
    { id: lost.id, '@removed': { reason: 'deleted' } },
    expect.objectContaining({ id: back.id, displayName: back['displayName'] }),
    { id: '0badf00d-0000-4000-8000-000000000000', displayName: 'New' },
  ]);
  // A first round tells of the deleted too, though the reader never knew them.
  const initial = await round(`/v1.0/users/delta?${SELECT}`);
  expect(initial.items.filter((item) => '@removed' in item)).toHaveLength(2);
});

test('many changes come in pages, and what changes meanwhile in the next round', async () => {
  const ids = tenant.users.places(-1, 250).map((place) => tenant.users.at(place).id);
  for (const id of ids) tenant.users.update(id, { department: `moved ${id}` });
  const first = await client.graph(link);
  expect(first.json['value']).toHaveLength(200);
  tenant.users.update(ids[0]!, { department: 'again' });
  const rest = await round(String(first.json['@odata.nextLink']));
  expect(rest.items).toHaveLength(50);
  expect((await round(rest.next)).items).toEqual([expect.objectContaining({ id: ids[0], department: 'again' })]);
});

test('service principals have a delta as well', async () => {
  const { json } = await client.graph('/v1.0/servicePrincipals/delta?$deltatoken=latest&$select=id,displayName');
  const app = tenant.servicePrincipals.at(4);
  tenant.servicePrincipals.update(app.id, { displayName: 'Renamed' });
  expect((await round(String(json['@odata.deltaLink']))).items).toEqual([{ id: app.id, displayName: 'Renamed' }]);
});

describe('tokens that are good no more', () => {
  test('after seven days: gone, with the place to begin anew', async () => {
    now += 7 * 86_400_000;
    const { status, json, headers } = await client.graph(link);
    expect([status, json['error']]).toEqual([410, expect.objectContaining({ code: 'resyncRequired' })]);
    expect(headers['location']).toBe(`${emulator.url}/v1.0/users/delta?$deltatoken=`);
    expect((await round(String(headers['location']))).items.length).toBeGreaterThan(400);
  });

  test('unknown ones, and those of another collection', async () => {
    for (const path of [link.replace('users', 'servicePrincipals'), '/v1.0/users/delta?$deltatoken=never']) {
      const { status, json } = await client.graph(path);
      expect([status, json['error']]).toEqual([400, expect.objectContaining({ code: 'syncStateNotFound' })]);
    }
  });

  test('when a fault says so', async () => {
    emulator.faults.add({ path: '/v1.0/users/delta', action: { kind: 'expire-tokens', tokens: 'delta' } });
    expect((await client.graph(link)).status).toBe(410);
  });
});

test('paging of delta is the server’s business', async () => {
  expect((await client.graph('/v1.0/users/delta?$top=10')).status).toBe(400);
});
