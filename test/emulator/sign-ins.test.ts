import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startEmulator, type Emulator } from '../../src/emulator/emulator.js';
import { generateTenant } from '../../src/emulator/generate/generate-tenant.js';
import { SAMPLE_CLIENT_ID, SAMPLE_TENANT_ID } from '../../src/emulator/sample/constants.js';
import { sampleTenant } from '../../src/emulator/sample/sample-tenant.js';
import { ticks } from '../../src/emulator/tenant/sign-in-log.js';
import type { TenantData } from '../../src/emulator/tenant/tenant-data.js';
import { createTestClient, type TestClient } from './client.js';
import { loadSchemas } from './schemas.js';

const judge = loadSchemas();
let emulator: Emulator;
let client: TestClient;
let tenant: TenantData;
const PATH = '/v1.0/auditLogs/signIns';

beforeAll(async () => {
  emulator = await startEmulator({ tenants: [sampleTenant({ now: new Date('2026-03-31T00:00:00Z') })] });
  client = createTestClient(emulator);
  tenant = emulator.tenants.get(SAMPLE_TENANT_ID)!;
});
afterAll(async () => {
  await client[Symbol.asyncDispose]();
  await emulator.close();
});

async function all(query: string): Promise<Record<string, unknown>[]> {
  const found = [];
  for await (const page of client.pages(`${PATH}?${query}`)) found.push(...page);
  return found;
}

test('all come newest first, a thousand a page, as Microsoft describes them', async () => {
  const pages = [];
  for await (const page of client.pages(PATH)) pages.push(page);
  expect(pages.map((page) => page.length)).toEqual([1000, 1000, 1000, tenant.signIns.size - 3000]);
  const dates = pages.flat().map(({ createdDateTime }) => ticks(createdDateTime));
  expect(dates).toEqual([...dates].sort().reverse());
  expect(new Set(pages.flat().map(({ id }) => id)).size).toBe(tenant.signIns.size);
  if (judge !== undefined) for (const one of pages.flat()) expect(judge('signIn', one)).toEqual([]);
});

test('a filter by date, application and user holds on every page', async () => {
  const [from, to] = ['2026-03-10T00:00:00Z', '2026-03-12T23:59:59.9999999Z'];
  const window = await all(
    `$filter=${encodeURIComponent(`createdDateTime ge ${from} and createdDateTime le ${to}`)}&$top=50`,
  );
  const expected = [...tenant.signIns.newestFirst()].filter(
    ({ createdDateTime }) => ticks(createdDateTime) >= ticks(from) && ticks(createdDateTime) <= ticks(to),
  );
  expect(window.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
  const { appId, userId } = expected[0]!;
  const mine = await all(
    `$filter=appId eq '${String(appId)}' and userId eq '${String(userId)}' and createdDateTime ge ${from}`,
  );
  expect(mine.length).toBeGreaterThan(0);
  expect(mine.every((one) => one['appId'] === appId && one['userId'] === userId)).toBe(true);
  const exact = await all(`$filter=createdDateTime eq ${String(expected[0]!['createdDateTime'])}`);
  expect(exact.map(({ id }) => id)).toContain(expected[0]!.id);
});

test('sign-ins that arrive in the middle of a listing move nothing, and corrections replace', async () => {
  const first = await client.graph(`${PATH}?$top=10`);
  const size = tenant.signIns.size;
  const [newest] = first.json['value'] as { id: string }[];
  tenant.signIns.add({ id: 'late', createdDateTime: '2026-03-31T00:00:00.1234567Z', userId: '' });
  tenant.signIns.add({ ...newest!, createdDateTime: '2026-03-31T00:00:00.1234567Z', riskState: 'dismissed' });
  expect(tenant.signIns.size).toBe(size + 1);
  const rest = [];
  for await (const page of client.pages(String(first.json['@odata.nextLink']))) rest.push(...page);
  expect(rest).toHaveLength(size - 10);
  expect((await client.graph(`${PATH}?$top=2`)).json['value']).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ id: 'late' }),
      expect.objectContaining({ riskState: 'dismissed' }),
    ]),
  );
});

describe('Graph says no', () => {
  test.each([
    ['to gt', '$filter=createdDateTime gt 2026-03-10T00:00:00Z'],
    ['to what v1.0 does not have', "$filter=signInEventTypes/any(t: t eq 'nonInteractiveUser')"],
    ['to $select', '$select=id'],
    ['to a page too large', '$top=1001'],
    ['to a lost page', '$skiptoken=lost'],
  ])('%s', async (_, query) => {
    const { status, json } = await client.graph(`${PATH}?${query}`);
    expect(status).toBe(400);
    if (judge !== undefined) expect(judge('error', json)).toEqual([]);
  });

  test('to a tenant that does not pay, and to who lacks the permission', async () => {
    tenant.premium = false;
    const unpaid = await client.graph(PATH);
    tenant.premium = true;
    expect([unpaid.status, unpaid.json['error']]).toEqual([
      403,
      expect.objectContaining({ code: 'Authentication_RequestFromNonPremiumTenantOrB2CTenant' }),
    ]);
    const application = tenant.applications.get(SAMPLE_CLIENT_ID)!;
    const { roles } = application;
    application.roles = ['User.Read.All'];
    const authorization = `Bearer ${String((await client.login()).json['access_token'])}`;
    application.roles = roles;
    const { status, json } = await client.graph(PATH, { headers: { authorization } });
    expect([status, json['error']]).toEqual([
      403,
      expect.objectContaining({
        code: 'Authentication_MSGraphPermissionMissing',
        message: expect.stringContaining('AuditLog.Read.All'),
      }),
    ]);
  });
});

test('generated sign-ins are found by date without making them all', () => {
  const { signIns } = generateTenant({
    users: 1000,
    servicePrincipals: 10,
    signIns: 1_000_000,
    now: new Date('2026-03-31T00:00:00Z'),
  });
  signIns.add({ id: 'extra', createdDateTime: '2026-03-15T00:00:00.5Z' });
  const [first, second] = signIns.newestFirst(ticks('2026-03-15T00:00:00.5Z'));
  expect(first!.id).toBe('extra');
  expect(ticks(second!['createdDateTime']) < ticks('2026-03-15T00:00:00.5Z')).toBe(true);
});
