import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createConnectProxy, type ConnectProxy } from '../../../test/support/servers/connect-proxy.js';
import { startTestEmulator, testCertificate } from '../../../test/support/servers/emulator.js';
import { silent } from '../../../test/support/secrets.js';
import { SAMPLE_CLIENT_ID, SAMPLE_CLIENT_SECRET, SAMPLE_TENANT_ID, type Emulator } from '../../emulator/index.js';
import { createGraphClient, type GraphClient } from '../client.js';
import type { LoginRetry } from '../login/token-source.js';
import { createTransport, type Proxy, type TransportOptions } from './transport.js';

let emulator: Emulator;
const open: { close(): Promise<void> }[] = [];
beforeAll(async () => {
  emulator = await startTestEmulator({ azureMachine: true });
});
afterAll(() => emulator.close());
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
  emulator.clearRequests();
  emulator.faults.clear();
});

async function newProxy(options = {}): Promise<ConnectProxy> {
  const proxy = await createConnectProxy(options);
  open.push(proxy);
  return proxy;
}

function newClient(
  proxy?: Proxy,
  { url, certificate }: Pick<Emulator, 'url' | 'certificate'> = emulator,
  login: LoginRetry = { retries: 0 },
): GraphClient {
  const client = createGraphClient({
    credential: {
      kind: 'secret',
      tenantId: SAMPLE_TENANT_ID,
      clientId: SAMPLE_CLIENT_ID,
      clientSecret: SAMPLE_CLIENT_SECRET,
    },
    authorityHost: url,
    graphBaseUrl: url,
    certificateAuthority: certificate,
    proxy,
    onLogin: () => {},
    login,
    retry: { retries: 0 },
  });
  open.push(client);
  return client;
}

const read = (client: GraphClient): Promise<unknown> =>
  client
    .reader({
      log: silent,
      signal: new AbortController().signal,
      permissions: [],
      onCost: () => {},
      onExchange: () => {},
    })
    .get('/users?$top=1&$select=id');

const host = () => new URL(emulator.url).host;

test('the login and Graph are reached by way of the proxy, and see no difference', async () => {
  const proxy = await newProxy();
  await expect(read(newClient({ url: proxy.url, except: '' }))).resolves.toMatchObject({ value: [{}] });
  expect(new Set(proxy.tunnels)).toEqual(new Set([host()]));
});

test.each(['localhost', '.localhost', 'other.example,localhost', '*'])(
  'hosts that are excepted (%s) are reached without it',
  async (except) => {
    const proxy = await newProxy();
    await expect(read(newClient({ url: proxy.url, except }))).resolves.toMatchObject({ value: [{}] });
    expect(proxy.tunnels).toEqual([]);
  },
);

test('other hosts that are excepted change nothing', async () => {
  const proxy = await newProxy();
  await read(newClient({ url: proxy.url, except: 'other.example, 10.0.0.1' }));
  expect(proxy.tunnels).not.toEqual([]);
});

test("the environment of the process itself is not asked: settings are, in which a tenant's may differ", async () => {
  const proxy = await newProxy();
  const before = process.env['https_proxy'];
  process.env['https_proxy'] = proxy.url;
  try {
    await expect(read(newClient())).resolves.toMatchObject({ value: [{}] });
    expect(proxy.tunnels).toEqual([]);
  } finally {
    if (before === undefined) delete process.env['https_proxy'];
    else process.env['https_proxy'] = before;
  }
});

test('a proxy that is spoken to by TLS itself is trusted as the login and Graph are', async () => {
  const proxy = await newProxy({ certificate: testCertificate });
  await expect(read(newClient({ url: proxy.url, except: '' }))).resolves.toMatchObject({ value: [{}] });
  expect(new Set(proxy.tunnels)).toEqual(new Set([host()]));
});

test('a proxy gets the user and the password that its URL holds', async () => {
  const proxy = await newProxy({ credentials: 'worker:p@ss' });
  const url = proxy.url.replace('http://', 'http://worker:p%40ss@');
  await expect(read(newClient({ url, except: '' }))).resolves.toMatchObject({ value: [{}] });
});

test.each<[string, object, RegExp]>([
  ['wants a password', { credentials: 'worker:p@ss' }, /proxy that HTTPS_PROXY names wants a user.*\(407\)/],
  ['refuses', { refuses: 403 }, /proxy that HTTPS_PROXY names refused to connect us \(403\)/],
])('a proxy that %s is named in the error, without what its URL holds', async (_, options, message) => {
  const proxy = await newProxy(options);
  const url = proxy.url.replace('http://', 'http://worker:guessed-password@');
  const error: unknown = await read(newClient({ url, except: '' })).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    code: 'login_unreachable',
    message: expect.stringMatching(message),
    advice: expect.stringContaining('HTTPS_PROXY'),
  });
  expect(JSON.stringify(error) + String((error as Error).stack)).not.toContain('guessed-password');
});

test('a proxy that is not there is an error that names its address', async () => {
  const proxy = await createConnectProxy();
  await proxy.close();
  const { host } = new URL(proxy.url);
  await expect(newClient({ url: proxy.url, except: '' }).signIn()).rejects.toMatchObject({
    code: 'login_unreachable',
    message: expect.stringContaining(`ECONNREFUSED ${host}`),
  });
});

test('the metadata service of the machine is never reached by a proxy', async () => {
  const proxy = await newProxy();
  const [application] = emulator.tenants.get(SAMPLE_TENANT_ID)!.applications.values();
  application!.managedIdentity = 'system';
  const client = createGraphClient({
    credential: { kind: 'managed-identity', tenantId: SAMPLE_TENANT_ID, clientId: '' },
    authorityHost: emulator.url,
    graphBaseUrl: emulator.url,
    identityService: { kind: 'metadata', host: emulator.metadataUrl! },
    proxy: { url: proxy.url, except: '' },
    onLogin: () => {},
    login: { retries: 0 },
  });
  open.push(client);
  await client.signIn();
  expect(proxy.tunnels).toEqual([]);
});

test.each(['http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY'])(
  'no %s of the environment gets the request for a managed identity, or any other',
  async (name) => {
    const asked: string[] = [];
    const proxy = createServer(({ url }, response) => {
      asked.push(url ?? '');
      response.end('{}');
    });
    proxy.on('connect', ({ url }, socket) => {
      asked.push(url ?? '');
      // A connection that is closed without an answer would be made again for ever.
      socket.end('HTTP/1.1 502 No\r\n\r\n');
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const before = process.env[name];
    process.env[name] = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const transport = createTransport({ certificateAuthority: emulator.certificate });
    try {
      for (const address of [`${emulator.metadataUrl!}/metadata/identity/oauth2/token`, `${emulator.url}/v1.0/users`]) {
        const { status } = await transport.send({ method: 'GET', url: new URL(address), headers: {} });
        expect(status).toBeGreaterThanOrEqual(400);
      }
      expect(asked).toEqual([]);
    } finally {
      if (before === undefined) delete process.env[name];
      else process.env[name] = before;
      await transport.close();
      await new Promise((resolve) => proxy.close(resolve));
    }
  },
);

describe('a body that is too large', () => {
  const MEGABYTE = 1024 * 1024;
  const send = async (body: string, options: TransportOptions = {}, headers = {}) => {
    emulator.faults.add({ path: '/v1.0/users', action: { kind: 'reply', status: 200, body } });
    const transport = createTransport({ certificateAuthority: emulator.certificate, ...options });
    open.push(transport);
    return transport.send({ method: 'GET', url: new URL(`${emulator.url}/v1.0/users`), headers });
  };

  test('is not read beyond the bound', async () => {
    const plain = { 'accept-encoding': 'identity' };
    const sending = send('x'.repeat(2 * MEGABYTE), { largestBody: MEGABYTE }, plain);
    await expect(sending).rejects.toMatchObject({ code: 'UND_ERR_RES_EXCEEDED_MAX_SIZE' });
    await expect(send('x'.repeat(MEGABYTE / 2), { largestBody: MEGABYTE }, plain)).resolves.toMatchObject({
      status: 200,
    });
  });

  test('is not unpacked beyond the bound', async () => {
    const sending = send('{},'.repeat(MEGABYTE), { largestBody: MEGABYTE });
    await expect(sending).rejects.toMatchObject({ code: 'ERR_BUFFER_TOO_LARGE' });
    await expect(send('x'.repeat(MEGABYTE / 2), { largestBody: MEGABYTE })).resolves.toMatchObject({ status: 200 });
  });

  test('is not unpacked to hundreds of times its size, whatever the bound', async () => {
    await expect(send('{},'.repeat(10 * MEGABYTE))).rejects.toMatchObject({ code: 'ERR_BUFFER_TOO_LARGE' });
    await expect(send('{},'.repeat(MEGABYTE))).resolves.toMatchObject({ status: 200 });
  });

  test('is called what it is', async () => {
    emulator.faults.add({
      path: '/v1.0/users',
      action: { kind: 'reply', status: 200, body: ' '.repeat(32 * MEGABYTE) },
    });
    await expect(read(newClient())).rejects.toMatchObject({
      code: 'graph_unreachable',
      message: expect.stringContaining('its answer unpacks to more than any that was asked for'),
    });
  });
});

test('a login that does not answer is an error that names the time it had', async () => {
  emulator.faults.add({ path: /oauth2/, action: { kind: 'endless' } });
  const client = newClient(undefined, emulator, { retries: 0, timeoutMs: 100 });
  await expect(client.signIn()).rejects.toMatchObject({
    code: 'login_unreachable',
    message: expect.stringContaining('no answer within 0.1 s'),
  });
});

test('an address of IPv6 serves as well as another, with and without a proxy', async () => {
  const six = await startTestEmulator({ address: '::1' });
  open.push(six);
  expect(six.url).toMatch(/^https:\/\/\[::1\]:\d+$/);
  await expect(read(newClient(undefined, six))).resolves.toMatchObject({ value: [{}] });
  const proxy = await newProxy();
  await expect(read(newClient({ url: proxy.url, except: '' }, six))).resolves.toMatchObject({ value: [{}] });
  expect(new Set(proxy.tunnels)).toEqual(new Set([new URL(six.url).host]));
  const except = new URL(six.url).hostname;
  await read(newClient({ url: proxy.url, except }, six));
  expect(new Set(proxy.tunnels).size).toBe(1);
});
