import { pino } from 'pino';
import { SAMPLE_CLIENT_ID, SAMPLE_CLIENT_SECRET, SAMPLE_TENANT_ID, type Emulator } from '../emulator/index.js';
import { startTestEmulator } from '../../test/support/emulator.js';
import { createGraphClient, type GraphClient } from './client.js';
import type { Cost, Page } from './index.js';

let emulator: Emulator;
const clients: GraphClient[] = [];
beforeAll(async () => {
  emulator = await startTestEmulator();
});
afterAll(() => emulator.close());
afterEach(async () => {
  emulator.faults.clear();
  emulator.clearRequests();
  for (const client of clients.splice(0)) await client.close();
});

function newClient(overrides: { clientSecret?: string; tenantId?: string } = {}): GraphClient {
  const client = createGraphClient({
    credential: {
      kind: 'secret',
      tenantId: SAMPLE_TENANT_ID,
      clientId: SAMPLE_CLIENT_ID,
      clientSecret: SAMPLE_CLIENT_SECRET,
      ...overrides,
    },
    authorityHost: emulator.url,
    graphBaseUrl: emulator.url,
    certificateAuthority: emulator.certificate,
    onLogin: () => {},
    retry: { firstWaitMs: 1, longestWaitMs: 2 },
    login: { minTimeout: 1 },
  });
  clients.push(client);
  return client;
}

async function read(client: GraphClient, start: string, headers = {}): Promise<{ pages: Page[]; costs: Cost[] }> {
  const costs: Cost[] = [];
  const log = pino({ level: 'silent' });
  const reader = client.reader({
    log,
    signal: new AbortController().signal,
    permissions: [],
    onCost: (cost) => costs.push(cost),
    onExchange: () => {},
  });
  const pages: Page[] = [];
  for await (const page of reader.pages(start, { headers })) pages.push(page);
  return { pages, costs };
}

const tokenRequests = () => emulator.requests.filter(({ path }) => path.includes('/oauth2/v2.0/token'));

test('a collection is read page by page, with links as they came', async () => {
  const { pages, costs } = await read(newClient(), '/users?$select=id&$top=100');
  expect(pages.map((page) => page.items.length)).toEqual([
    100,
    100,
    100,
    100,
    emulator.tenants.get(SAMPLE_TENANT_ID)!.users.size - 400,
  ]);
  expect(costs).toHaveLength(5);
  const asked = emulator.requests.filter(({ path }) => path.startsWith('/v1.0')).map(({ path }) => emulator.url + path);
  expect(asked.slice(1)).toEqual(pages.slice(0, -1).map((page) => page.next));
});

test('headers are sent again on every page', async () => {
  const { pages } = await read(newClient(), '/users?$select=id&$top=300&$count=true', { ConsistencyLevel: 'eventual' });
  expect(pages).toHaveLength(2);
});

test('one token serves everybody, also those who ask at the same time', async () => {
  const client = newClient();
  await Promise.all([1, 2, 3, 4, 5].map(() => read(client, '/users?$select=id&$top=1')));
  expect(tokenRequests()).toHaveLength(1);
});

test('a refused token is replaced once, and only once', async () => {
  const client = newClient();
  emulator.faults.add({ path: '/v1.0/users', action: { kind: 'reply', status: 401, body: {} } });
  await expect(read(client, '/users?$select=id&$top=999')).resolves.toMatchObject({ pages: [{}] });
  expect(tokenRequests()).toHaveLength(2);
  emulator.faults.add({ path: '/v1.0/users', times: 'always', action: { kind: 'reply', status: 401, body: {} } });
  await expect(read(client, '/users?$select=id&$top=999')).rejects.toMatchObject({ code: 'graph_unauthorized' });
});

test.each([
  ['is throttled', { kind: 'reply', status: 429, headers: { 'retry-after': '1' }, body: {} }],
  ['is in trouble', { kind: 'html' }],
  ['answers with what is no token', { kind: 'reply', status: 200, body: {} }],
  ['breaks its connection', { kind: 'reset' }],
] as const)('a login that %s is asked again', async (_, action) => {
  emulator.faults.add({ path: /oauth2\/v2\.0\/token/, action });
  await expect(newClient().signIn()).resolves.toBeUndefined();
});

test.each([
  ['a wrong secret', { clientSecret: 'wrong-secret-value' }, 'AADSTS7000215'],
  ['an unknown tenant', { tenantId: '99999999-9999-4999-8999-999999999999' }, 'AADSTS90002'],
])('%s is refused at once, in words, without the secret', async (_, overrides, number) => {
  const error: unknown = await newClient(overrides)
    .signIn()
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'login_refused', message: expect.stringContaining(number) });
  expect(JSON.stringify(error) + String(error)).not.toContain('wrong-secret-value');
  expect(tokenRequests()).toHaveLength(1);
});

test('a link to another host ends the read before anything is sent there', async () => {
  const elsewhere = await startTestEmulator();
  try {
    emulator.faults.add({ path: '/v1.0/users', action: { kind: 'foreign-link', origin: elsewhere.url } });
    await expect(read(newClient(), '/users?$select=id&$top=100')).rejects.toMatchObject({ code: 'graph_foreign_link' });
    expect(elsewhere.requests).toEqual([]);
  } finally {
    await elsewhere.close();
  }
});

test('a certificate that nobody vouches for is an error that says so', async () => {
  const client = createGraphClient({
    credential: {
      kind: 'secret',
      tenantId: SAMPLE_TENANT_ID,
      clientId: SAMPLE_CLIENT_ID,
      clientSecret: SAMPLE_CLIENT_SECRET,
    },
    authorityHost: emulator.url,
    graphBaseUrl: emulator.url,
    onLogin: () => {},
    login: { retries: 0 },
  });
  clients.push(client);
  await expect(client.signIn()).rejects.toMatchObject({
    code: 'login_unreachable',
    message: expect.stringMatching(/SELF_SIGNED|CERT|certificate/i),
  });
});

test.each([90033, 90006])("the login's own word for not now (AADSTS%d) is asked again", async (code) => {
  emulator.faults.add({ path: /oauth2\/v2\.0\/token/, action: { kind: 'login-error', code } });
  await expect(newClient().signIn()).resolves.toBeUndefined();
});
