import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startEmulator, type Emulator } from '../../src/emulator/emulator.js';
import { SAMPLE_CLIENT_ID, SAMPLE_TENANT_ID } from '../../src/emulator/sample/constants.js';
import type { TenantData } from '../../src/emulator/tenant/tenant-data.js';
import { createTestClient, type TestClient } from './client.js';
import { loadSchemas } from './schemas.js';

const judge = loadSchemas();
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

test('there is one organization', async () => {
  const { json } = await client.graph('/v1.0/organization');
  expect(json['value']).toMatchObject([{ id: SAMPLE_TENANT_ID, displayName: 'Northwind Bikes', tenantType: 'AAD' }]);
  if (judge !== undefined) expect(judge('organization', (json['value'] as unknown[])[0])).toEqual([]);
});

test('the setting that conceals names is told as it is', async () => {
  tenant.concealedNames = true;
  const { json } = await client.graph('/v1.0/admin/reportSettings');
  expect(json['displayConcealedNames']).toBe(true);
  if (judge !== undefined) expect(judge('adminReportSettings', json)).toEqual([]);
});

test('licenses and domains need permissions that Rollcall does without', async () => {
  expect((await client.graph('/v1.0/subscribedSkus')).status).toBe(403);
  expect((await client.graph('/v1.0/domains')).status).toBe(403);
  tenant.applications.get(SAMPLE_CLIENT_ID)!.roles = ['Directory.Read.All'];
  const headers = { authorization: `Bearer ${String((await client.login()).json['access_token'])}` };
  const skus = await client.graph('/v1.0/subscribedSkus', { headers });
  const domains = await client.graph('/v1.0/domains?$top=1', { headers });
  expect(skus.json['value']).toMatchObject([{ skuPartNumber: 'AAD_PREMIUM' }]);
  expect(domains.json['value']).toHaveLength(4);
  if (judge !== undefined) {
    for (const sku of skus.json['value'] as unknown[]) expect(judge('subscribedSku', sku)).toEqual([]);
    for (const domain of domains.json['value'] as unknown[]) expect(judge('domain', domain)).toEqual([]);
  }
});
