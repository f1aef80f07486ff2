import { startTestEmulator } from '../../../test/support/servers/emulator.js';
import { SAMPLE_CLIENT_ID, SAMPLE_CLIENT_SECRET, SAMPLE_TENANT_ID, type Emulator } from '../../emulator/index.js';
import type { RollcallError } from '../../errors.js';
import { createTransport, type Transport } from '../http/transport.js';
import type { TokenKeeper } from './token-keeper.js';
import { createTokenSource, type TokenSourceOptions } from './token-source.js';

const LIFE = 3599;
const TOKEN = /oauth2\/v2\.0\/token/;
const minutes = (count: number) => count * 60_000;

let emulator: Emulator;
let transport: Transport;
let source: TokenKeeper;
let failures: RollcallError[];
// The clock of the source and of the login's tokens. Nobody waits for it.
let now: number;

beforeAll(async () => {
  emulator = await startTestEmulator({ tokenLifetimeSeconds: LIFE });
  transport = createTransport({ certificateAuthority: emulator.certificate });
});
afterAll(async () => {
  await transport.close();
  await emulator.close();
});
beforeEach(() => {
  now = Date.now();
  failures = [];
  source = newSource();
});
afterEach(() => {
  source.close();
  emulator.faults.clear();
  emulator.clearRequests();
});

const newSource = (options: Partial<TokenSourceOptions> = {}) =>
  createTokenSource({
    credential: {
      kind: 'secret',
      tenantId: SAMPLE_TENANT_ID,
      clientId: SAMPLE_CLIENT_ID,
      clientSecret: SAMPLE_CLIENT_SECRET,
    },
    authorityHost: emulator.url,
    audience: emulator.url,
    transport,
    onExchange: () => {},
    onRenewalFailure: (error) => failures.push(error),
    retry: { retries: 0 },
    clock: () => now,
    ...options,
  });

const logins = () => emulator.requests.filter(({ path }) => TOKEN.test(path)).length;

/** Until what goes on in the background has come so far. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 5));
}

test('a token is fetched once for its life, however many ask and however often', async () => {
  for (let minute = 0; minute < 53; minute += 1) {
    await Promise.all([source.get(), source.get(), source.get()]);
    now += minutes(1);
  }
  expect(logins()).toBe(1);
});

test('over a day of work there are as many logins as lives of tokens, and nobody waits for any but the first', async () => {
  const first = await source.get();
  let last = first;
  const seen = new Set([first.value]);
  for (let minute = 0; minute < 24 * 60; minute += 1) {
    now += minutes(1);
    const before = logins();
    const token = await source.get();
    expect(token.expiresAt.getTime()).toBeGreaterThan(now);
    // A renewal that began goes on in the background: what was handed out meanwhile is the old token.
    const due = now >= last.expiresAt.getTime() - (LIFE * 1000) / 10;
    if (due) {
      expect(token.value).toBe(last.value);
      await until(async () => (await source.get()).value !== last.value);
      last = await source.get();
      seen.add(last.value);
    }
    expect(logins() - before).toBe(due ? 1 : 0);
  }
  // Each lives for 90 % of an hour until it is renewed, to the next full minute.
  expect(seen.size).toBe(logins());
  expect(logins()).toBe(1 + Math.floor((24 * 60) / 54));
});

test('nothing is fetched while nobody asks, and then once for all who wait', async () => {
  await source.get();
  now += minutes(180);
  expect(logins()).toBe(1);
  const tokens = await Promise.all([1, 2, 3, 4, 5].map(() => source.get()));
  expect(new Set(tokens.map(({ value }) => value)).size).toBe(1);
  expect(logins()).toBe(2);
});

test('the share of a life that is left at the renewal can be chosen', async () => {
  source = newSource({ refreshPercent: 50 });
  const first = await source.get();
  now += minutes(29);
  await source.get();
  expect(logins()).toBe(1);
  now += minutes(1);
  expect(await source.get()).toEqual(first);
  await until(async () => (await source.get()).value !== first.value);
  expect(logins()).toBe(2);
});

test('a renewal that fails disturbs nobody while the old token is good', async () => {
  const first = await source.get();
  now += minutes(55);
  emulator.faults.add({ path: TOKEN, times: 'always', action: { kind: 'login-error', code: 7000222 } });
  expect(await source.get()).toEqual(first);
  await until(() => failures.length === 1);
  expect(failures[0]).toMatchObject({ code: 'login_refused', message: expect.stringContaining('AADSTS7000222') });

  // Not again at once, but once more half a minute later, still without harm.
  await source.get();
  expect(logins()).toBe(2);
  now += 30_000;
  expect(await source.get()).toEqual(first);
  await until(() => failures.length === 2);
  expect(logins()).toBe(3);

  // Once the token is no good any more, its holders hear of it; and when the login is well again, all is.
  now += minutes(10);
  await expect(source.get()).rejects.toMatchObject({ code: 'login_refused' });
  emulator.faults.clear();
  expect((await source.get()).value).not.toBe(first.value);
});

test('a token is not handed out in the last seconds of its life: it could expire on its way', async () => {
  const first = await source.get();
  now = first.expiresAt.getTime() - 30_000;
  expect((await source.get()).value).not.toBe(first.value);
});

test('a token of a short life is fetched no more often than it must be', async () => {
  const short = await startTestEmulator({ tokenLifetimeSeconds: 60 });
  const other = createTransport({ certificateAuthority: short.certificate });
  const brief = newSource({ authorityHost: short.url, audience: short.url, transport: other });
  try {
    for (let second = 0; second < 54; second += 1) {
      await brief.get();
      now += 1000;
    }
    expect(short.requests).toHaveLength(1);
  } finally {
    brief.close();
    await other.close();
    await short.close();
  }
});

test('a token that Graph has refused is fetched anew, and one that has already been replaced is not', async () => {
  const first = await source.get();
  source.forget(first.value);
  const second = await source.get();
  expect(second.value).not.toBe(first.value);
  source.forget(first.value);
  expect(await source.get()).toEqual(second);
  expect(logins()).toBe(2);
});

describe('a login that asks for a wait', () => {
  test.each([
    [429, { kind: 'throttle', retryAfter: '3600' }],
    [503, { kind: 'reply', status: 503, headers: { 'retry-after': '3600' }, body: {} }],
  ] as const)('%d, for an hour: is not asked again before that, and says for how long', async (_, action) => {
    emulator.faults.add({ path: TOKEN, action });
    const asked = { code: 'login_unreachable', message: expect.stringContaining('it asks us to wait for 3600 s') };
    await expect(source.get()).rejects.toMatchObject({ ...asked, facts: { retryAfterMs: 3_600_000 } });
    await expect(source.get()).rejects.toMatchObject(asked);
    expect(logins()).toBe(1);
    now += 3_600_000;
    await expect(source.get()).resolves.toMatchObject({ value: expect.any(String) });
  });

  test('for a second: is asked again after that second', async () => {
    source = newSource({ retry: { retries: 1, minTimeout: 1 } });
    emulator.faults.add({ path: TOKEN, action: { kind: 'throttle', retryAfter: '1' } });
    await source.get();
    const [refused, granted] = emulator.requests;
    // A timer may be a little early.
    expect(granted!.at - refused!.at).toBeGreaterThanOrEqual(990);
  });
});

test('who stops waiting does not stop the others', async () => {
  const stop = new AbortController();
  const gone = source.get(stop.signal);
  const patient = source.get();
  stop.abort(new Error('told to stop'));
  await expect(gone).rejects.toThrow('told to stop');
  await expect(patient).resolves.toMatchObject({ value: expect.any(String) });
  await expect(source.get(stop.signal)).resolves.toMatchObject({ value: expect.any(String) });
  expect(logins()).toBe(1);
});

test('a source that is closed ends its waits', async () => {
  source = newSource({ retry: { retries: 5, minTimeout: 600_000 } });
  emulator.faults.add({ path: TOKEN, times: 'always', action: { kind: 'html' } });
  const waiting = source.get();
  await until(() => logins() === 1);
  source.close();
  await expect(waiting).rejects.toMatchObject({ code: 'login_unreachable' });
});
