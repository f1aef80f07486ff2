import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { startEmulator, type Emulator } from '../../src/emulator/emulator.js';
import type { FaultAction } from '../../src/emulator/faults/fault.js';
import { createTestClient, type TestClient } from './client.js';

let emulator: Emulator;
let client: TestClient;
const PATH = '/v1.0/users?$select=id&$top=50';

beforeAll(async () => {
  emulator = await startEmulator();
  client = createTestClient(emulator);
});
afterEach(() => emulator.faults.clear());
afterAll(async () => {
  await client[Symbol.asyncDispose]();
  await emulator.close();
});

const strike = (action: FaultAction): void => emulator.faults.add({ path: '/v1.0/users', action });

test('a fault strikes the requests it is meant for, from the nth on, as often as it says', async () => {
  emulator.faults.add({ method: 'GET', path: /users\?.*top=50/, nth: 2, times: 2, action: { kind: 'html' } });
  const statuses = [];
  for (const path of [PATH, '/v1.0/users?$top=5', PATH, PATH, PATH]) statuses.push((await client.graph(path)).status);
  expect(statuses).toEqual([200, 200, 503, 503, 200]);
  expect(emulator.faults.entries).toMatchObject([{ matched: 4, struck: 2 }]);
  expect(emulator.requests.at(-2)).toMatchObject({ status: 503, faults: ['html'] });
});

test('a fault that never tires strikes always', async () => {
  emulator.faults.add({
    times: 'always',
    action: { kind: 'reply', status: 500, body: { error: { code: '', message: '' } } },
  });
  for (let time = 0; time < 3; time += 1) expect((await client.graph(PATH)).status).toBe(500);
});

describe('answers in the place of the real one', () => {
  test('a status with headers and a body', async () => {
    strike({ kind: 'reply', status: 502, headers: { 'x-odd': 'yes' }, body: 'bad gateway' });
    expect(await client.graph(PATH)).toMatchObject({ status: 502, text: 'bad gateway', headers: { 'x-odd': 'yes' } });
  });

  test.each(['2.128', '30,120', 'Fri, 31 Dec 2027 23:59:59 GMT', '0', undefined])(
    '429 with Retry-After %s',
    async (retryAfter) => {
      strike({ kind: 'throttle', retryAfter });
      const { status, headers, json } = await client.graph(PATH);
      expect([status, headers['retry-after'], json['error']]).toEqual([
        429,
        retryAfter,
        expect.objectContaining({ code: 'TooManyRequests' }),
      ]);
    },
  );

  test('a page of HTML', async () => {
    strike({ kind: 'html' });
    expect(await client.graph(PATH)).toMatchObject({ status: 503, text: expect.stringContaining('<html>') });
  });

  test('an error of the login', async () => {
    emulator.faults.add({ path: '/', method: 'POST', action: { kind: 'login-error', code: 90033, status: 503 } });
    expect(await client.login()).toMatchObject({ status: 503, json: { error_codes: [90033] } });
    expect((await client.login()).status).toBe(200);
  });

  test('an empty page loses nothing', async () => {
    strike({ kind: 'empty-page' });
    const pages = [];
    for await (const page of client.pages('/v1.0/users?$select=id&$top=300')) pages.push(page.length);
    expect(pages.slice(0, 2)).toEqual([0, 300]);
  });
});

describe('changes of the answer', () => {
  test('a patch, and a function', async () => {
    strike({
      kind: 'patch',
      operations: [
        { op: 'replace', path: '/value/0/id', value: 7 },
        { op: 'remove', path: '/value/1/id' },
      ],
    });
    strike({ kind: 'edit', edit: (body) => ({ ...(body as object), extra: true }) });
    const { json } = await client.graph(PATH);
    expect((json['value'] as unknown[]).slice(0, 2)).toEqual([{ id: 7 }, {}]);
    expect(json['extra']).toBe(true);
  });

  test('a link to another host, and a link in a circle', async () => {
    strike({ kind: 'foreign-link', origin: 'https://evil.example' });
    const foreign = await client.graph(PATH);
    expect(foreign.json['@odata.nextLink']).toMatch(/^https:\/\/evil\.example\/v1\.0\/users\?/);
    strike({ kind: 'loop-link' });
    const loop = await client.graph(PATH);
    expect(loop.json['@odata.nextLink']).toBe(emulator.url + PATH);
  });
});

describe('trouble on the wire', () => {
  test('a reset before the answer and in the middle of it', async () => {
    strike({ kind: 'reset' });
    await expect(client.graph(PATH)).rejects.toThrow('other side closed');
    strike({ kind: 'reset', midBody: true });
    await expect(client.graph(PATH)).rejects.toThrow(/closed|terminated|reset/);
    expect(emulator.requests.slice(-2)).toMatchObject([{ status: 0, bytes: 0 }, { status: 200 }]);
    expect((await client.graph(PATH)).status).toBe(200);
  });

  test('half a body that ends as if it were whole', async () => {
    strike({ kind: 'truncate' });
    const { status, text } = await client.graph(PATH, { headers: { 'accept-encoding': 'gzip' } });
    expect(status).toBe(200);
    expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
  });

  test('a body that never ends', async () => {
    strike({ kind: 'endless' });
    await expect(client.graph(PATH, { signal: AbortSignal.timeout(100) })).rejects.toThrow(/abort/);
  });
});

test('a delay delays and then answers', async () => {
  strike({ kind: 'delay', ms: 1 });
  expect((await client.graph(PATH)).status).toBe(200);
});

test('page tokens expire when told to', async () => {
  const { json } = await client.graph(PATH);
  strike({ kind: 'expire-tokens', tokens: 'page' });
  expect((await client.graph(String(json['@odata.nextLink']))).status).toBe(400);
});

test('closing ends what is under way', async () => {
  const other = await startEmulator();
  await using impatient = createTestClient(other);
  other.faults.add({ action: { kind: 'delay', ms: 3_600_000 } });
  const ended = impatient.login().then(
    () => 'answered',
    (thrown: unknown) => String(thrown),
  );
  while (other.faults.entries[0]?.struck !== 1) await new Promise((resolve) => setImmediate(resolve));
  await other.close();
  expect(await ended).toMatch(/closed/);
});

test('another process scripts faults and reads the log', async () => {
  const post = (body: unknown) => client.send('/emulator/faults', { method: 'POST', body: JSON.stringify(body) });
  expect((await post({ pattern: 'users', action: { kind: 'throttle', retryAfter: '1' } })).status).toBe(200);
  expect((await post([{ path: '/nowhere', action: { kind: 'reply', status: 204 } }])).status).toBe(200);
  expect((await post({ action: { kind: 'explode' } })).status).toBe(400);
  expect((await client.graph(PATH)).status).toBe(429);
  const log = await client.send('/emulator/requests');
  expect((log.json['requests'] as unknown[]).at(-1)).toMatchObject({ path: PATH, status: 429, faults: ['throttle'] });
  await client.send('/emulator/requests', { method: 'DELETE' });
  expect(emulator.requests).toEqual([]);
  expect((await client.send('/emulator/faults')).json['faults']).toMatchObject([
    { matched: 1, struck: 1, kind: 'throttle' },
    { matched: 0, struck: 0, kind: 'reply' },
  ]);
  await client.send('/emulator/faults', { method: 'DELETE' });
  expect(emulator.faults.entries).toEqual([]);
});
