import { pino } from 'pino';
import { startTestEmulator } from '../../test/support/servers/emulator.js';
import { SAMPLE_CLIENT_ID, SAMPLE_CLIENT_SECRET, SAMPLE_TENANT_ID, type Emulator } from '../emulator/index.js';
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

const reply = (status: number, headers = {}, body: unknown = '') => ({ kind: 'reply', status, headers, body }) as const;

test.each([
  [
    'a redirect to another host',
    reply(302, { Location: 'https://login.proxy.example/?user=ann' }),
    /redirect to login\.proxy\.example came/,
  ],
  ['a redirect to itself', reply(307, { Location: '/v1.0/users' }), /redirect to localhost:\d+ came/],
  ['a redirect to nowhere', reply(301), /answer came back that Graph does not give .*301/],
  ['an empty answer', reply(204), /empty answer .*204/],
  ['an answer that is not modified', reply(304), /refers to a cache/],
])('%s is named, and the token goes nowhere else', async (_, action, expected) => {
  emulator.faults.add({ path: '/v1.0/users', times: 'always', action });
  const reading = read(newClient(), '/users?$select=id');
  await expect(reading).rejects.toMatchObject({ code: 'graph_failed', message: expect.stringMatching(expected) });
});

test('an empty answer that comes once is asked for again', async () => {
  emulator.faults.add({ path: '/v1.0/users', action: reply(204) });
  await expect(read(newClient(), '/users?$select=id&$top=999')).resolves.toMatchObject({ pages: [{}] });
});

test('a byte order mark before the JSON of Graph and of the login is passed over', async () => {
  emulator.faults.add({ times: 'always', action: { kind: 'byte-order-mark' } });
  const { pages } = await read(newClient(), '/users?$select=id&$top=300');
  expect(pages).toHaveLength(2);
});

test('links that leave the host out are completed', async () => {
  const relative = (body: unknown) => JSON.parse(JSON.stringify(body).replaceAll(`${emulator.url}/v1.0/`, '/v1.0/'));
  emulator.faults.add({ path: '/v1.0/users', times: 'always', action: { kind: 'edit', edit: relative } });
  const { pages, costs } = await read(newClient(), '/users?$select=id&$top=300');
  expect([pages.length, costs.length]).toEqual([2, 2]);
});

test('a 403 in a client is explained by what its token may do', async () => {
  emulator.faults.add({
    path: '/v1.0/organization',
    action: reply(403, {}, { error: { code: 'Authorization_RequestDenied', message: 'Insufficient privileges' } }),
  });
  await expect(read(newClient(), '/organization')).rejects.toMatchObject({
    code: 'graph_forbidden',
    message: expect.stringMatching(/although the token has User\.Read\.All .*Insufficient privileges/),
  });
});
