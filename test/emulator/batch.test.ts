import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { startEmulator, type Emulator } from '../../src/emulator/emulator.js';
import { createTestClient, type Seen, type TestClient } from './client.js';

interface Inner {
  readonly id: string;
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: unknown;
}

let emulator: Emulator;
let client: TestClient;
const now = Date.parse('2026-03-01T12:00:00Z');

beforeAll(async () => {
  emulator = await startEmulator({ clock: () => now, throttling: { unitsPerWindow: 1000, windowMs: 10_000 } });
  client = createTestClient(emulator);
});
afterEach(() => emulator.faults.clear());
afterAll(async () => {
  await client[Symbol.asyncDispose]();
  await emulator.close();
});

const get = (id: string, url: string, more = {}) => ({ id, method: 'GET', url, ...more });
const send = (requests: readonly unknown[]): Promise<Seen> =>
  client.graph('/v1.0/$batch', { method: 'POST', body: JSON.stringify({ requests }) });
const responses = ({ json }: Seen): readonly Inner[] => json['responses'] as Inner[];
const byId = (seen: Seen): Record<string, Inner> =>
  Object.fromEntries(responses(seen).map((inner) => [inner.id, inner]));

test('each request is answered for itself, in an order that is nobody’s business', async () => {
  emulator.clearRequests();
  const seen = await send([
    get('a', '/users?$select=id&$top=2'),
    get('b', '/users/$count', { headers: { ConsistencyLevel: 'eventual' } }),
    get('c', '/groups/none/members'),
    { id: 'd', method: 'DELETE', url: '/users' },
  ]);
  expect(seen.status).toBe(200);
  expect(responses(seen).map(({ id }) => id)).toEqual(['d', 'c', 'b', 'a']);
  const { a, b, c, d } = byId(seen);
  expect(a!.body).toMatchObject({
    value: [{}, {}],
    '@odata.nextLink': expect.stringContaining(`${emulator.url}/v1.0/users?`),
  });
  expect(a!.headers).toMatchObject({ 'x-ms-resource-unit': '1', 'OData-Version': '4.0' });
  expect([b!.status, Number(b!.body)]).toEqual([200, 445]);
  expect([c!.status, d!.status]).toEqual([404, 405]);
  expect(emulator.requests).toHaveLength(6);
  const outer = emulator.requests.at(-1)!;
  expect(outer).toMatchObject({ method: 'POST', path: '/v1.0/$batch', status: 200, units: 0, innerOf: undefined });
  expect(emulator.requests.filter(({ innerOf }) => innerOf === seen.headers['request-id'])).toMatchObject([
    { path: '/v1.0/users?$select=id&$top=2', status: 200, units: 1 },
    { status: 200, units: 1 },
    { status: 404, units: 3 },
    { status: 405 },
  ]);
});

test('a failed request takes those that depend on it along, and no other', async () => {
  const { b, c } = byId(
    await send([get('a', '/users/none'), get('b', '/users', { dependsOn: ['a'] }), get('c', '/organization')]),
  );
  expect([b!.status, c!.status]).toEqual([424, 200]);
});

test('each request is throttled for itself', async () => {
  emulator.faults.add({ path: '/v1.0/organization', action: { kind: 'throttle', retryAfter: '7' } });
  const { a, b } = byId(await send([get('a', '/organization'), get('b', '/organization')]));
  expect([a!.status, a!.headers['Retry-After'], b!.status]).toEqual([429, '7', 200]);
});

test.each([
  ['more than twenty', Array.from({ length: 21 }, (_, index) => get(String(index), '/organization'))],
  ['twice the same id', [get('a', '/organization'), get('A', '/organization')]],
  ['an absolute URL', [get('a', 'https://graph.microsoft.com/v1.0/users')]],
  ['no method', [{ id: 'a', url: '/users' }]],
])('%s fails as a whole', async (_, requests) => {
  expect((await send(requests)).status).toBe(400);
});

test('the caller is checked before anything is read', async () => {
  expect((await client.send('/v1.0/$batch', { method: 'POST', body: 'nonsense' })).status).toBe(401);
});

test('what breaks a connection outside leaves an answer out, or half of one, inside', async () => {
  emulator.faults.add(
    { path: '/v1.0/organization', action: { kind: 'reset' } },
    { path: '/v1.0/users', action: { kind: 'truncate' } },
  );
  const seen = await send([get('a', '/organization'), get('b', '/users?$top=1'), get('c', '/subscribedSkus')]);
  expect(responses(seen).map(({ id }) => id)).toEqual(['c', 'b']);
  expect(byId(seen)['b']).toMatchObject({ status: 200, body: expect.stringMatching(/^\{/) });
});
