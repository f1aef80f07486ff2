import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createThrottle } from '../../src/emulator/api/throttle.js';
import { resourceUnits } from '../../src/emulator/api/resource-units.js';
import { startEmulator, type Emulator } from '../../src/emulator/emulator.js';
import { SAMPLE_CLIENT_ID, SAMPLE_TENANT_ID } from '../../src/emulator/sample/constants.js';
import { createTestClient, type TestClient } from './client.js';

let emulator: Emulator;
let client: TestClient;
let now = Date.parse('2026-03-01T12:00:00Z');

beforeAll(async () => {
  emulator = await startEmulator({
    clock: () => now,
    throttling: { unitsPerWindow: 10, windowMs: 10_000, reportsPerWindow: 2 },
  });
  client = createTestClient(emulator);
});
afterAll(async () => {
  await client[Symbol.asyncDispose]();
  await emulator.close();
});

test.each([
  [2, '', 2],
  [2, '$select=id', 1],
  [2, '$select=id&$top=5', 1],
  [3, '$select=id&$top=999', 2],
  [1, '$select=id', 1],
  [1, '$expand=members', 2],
  [5, '$top=19', 4],
])('a base of %d with %p costs %d', (base, query, units) => {
  expect(resourceUnits(base, new URLSearchParams(query))).toBe(units);
});

test('a full bucket refuses, says for how long, and is right about it', async () => {
  const path = '/v1.0/users?$top=50';
  const percentages = [];
  for (let time = 0; time < 5; time += 1) {
    const { status, headers } = await client.graph(path);
    expect([status, headers['x-ms-resource-unit']]).toEqual([200, '2']);
    percentages.push(headers['x-ms-throttle-limit-percentage']);
  }
  expect(percentages).toEqual([undefined, undefined, undefined, undefined, '1']);

  const refused = await client.graph(path);
  expect([refused.status, refused.json['error']]).toEqual([
    429,
    expect.objectContaining({ code: 'TooManyRequests', message: 'Too many requests' }),
  ]);
  expect(refused.headers).toMatchObject({
    'retry-after': '2',
    'x-ms-resource-unit': '2',
    'x-ms-throttle-limit-percentage': '1.2',
    'x-ms-throttle-scope': `Tenant_Application/ReadWrite/${SAMPLE_CLIENT_ID}/${SAMPLE_TENANT_ID}`,
    'x-ms-throttle-information': 'ResourceUnitLimitExceeded',
  });
  // What was refused counts as well: trying again at once makes the wait longer.
  expect((await client.graph(path)).headers['retry-after']).toBe('4');
  now += 6000;
  expect((await client.graph(path)).status).toBe(200);
});

test('sign-ins have a bucket of their own', async () => {
  now += 60_000;
  const statuses = [];
  for (let time = 0; time < 3; time += 1) statuses.push((await client.graph('/v1.0/auditLogs/signIns?$top=1')).status);
  expect(statuses).toEqual([200, 200, 429]);
  expect(emulator.requests.at(-1)).toMatchObject({ status: 429, units: 0 });
  expect((await client.graph('/v1.0/organization')).status).toBe(200);
});

test('however long someone hammers, the wait has a bound', () => {
  const throttle = createThrottle({ unitsPerWindow: 100, windowMs: 10_000 }, () => 0);
  let charge = throttle.charge('caller', 'directory', 1);
  for (let time = 0; time < 1000; time += 1) charge = throttle.charge('caller', 'directory', 1);
  expect(charge).toEqual({ used: 1.8, retryAfterSeconds: 9 });
  expect(throttle.charge('other', 'directory', 1)).toEqual({ used: 0.01 });
  expect(throttle.charge('caller', 'reports', 0)).toEqual({ used: 0 });
});
