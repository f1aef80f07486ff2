import { startTestEmulator } from '../../../test/support/servers/emulator.js';
import { SAMPLE_CLIENT_ID, SAMPLE_CLIENT_SECRET, SAMPLE_TENANT_ID, type Emulator } from '../../emulator/index.js';
import { createTransport, type Transport } from '../http/transport.js';
import type { TokenKeeper } from './token-keeper.js';
import { createTokenSource, type LoginRetry } from './token-source.js';

const TOKEN = /oauth2\/v2\.0\/token/;

let emulator: Emulator;
let transport: Transport;
let source: TokenKeeper;
const now = Date.now();

beforeAll(async () => {
  emulator = await startTestEmulator();
  transport = createTransport({ certificateAuthority: emulator.certificate });
});
afterAll(async () => {
  await transport.close();
  await emulator.close();
});
beforeEach(() => {
  source = newSource();
});
afterEach(() => {
  source.close();
  emulator.faults.clear();
  emulator.clearRequests();
});

const newSource = (retry: LoginRetry = { retries: 0 }) =>
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
    retry,
    clock: () => now,
  });

const logins = () => emulator.requests.filter(({ path }) => TOKEN.test(path)).length;

/** The answer of a login that grants, with a life of its own choice. */
const granting = (own: object, token: unknown = 'a-token') =>
  ({ kind: 'reply', status: 200, body: { token_type: 'Bearer', access_token: token, ...own } }) as const;

test.each([
  ['0', { expires_in: 0 }, /valid for 0 s/],
  ['negative', { expires_in: -3600 }, /valid for -3600 s/],
  ['missing', {}, /does not say for how long/],
  ['null', { expires_in: null }, /does not say for how long/],
  ['a word', { expires_in: 'soon' }, /does not say for how long/],
  ['an object', { expires_in: {} }, /does not say for how long/],
])('a token whose life is %s is refused, once and in words', async (_, own, expected) => {
  source = newSource({ retries: 3, minTimeout: 1 });
  emulator.faults.add({ path: TOKEN, times: 'always', action: granting(own) });
  await expect(source.get()).rejects.toMatchObject({
    code: 'login_refused',
    message: expect.stringMatching(expected),
    advice: expect.stringMatching(/clock.*lifetime policy/),
  });
  expect(logins()).toBe(1);
});

test.each([
  ['a number', { expires_in: 600 }, 600],
  ['text', { expires_in: '600' }, 600],
  ['absurd', { expires_in: 1e300 }, 7 * 86_400],
  ['absurd text', { expires_in: '9'.repeat(400) }, 7 * 86_400],
])('a life that is %s is understood', async (_, own, seconds) => {
  emulator.faults.add({ path: TOKEN, action: granting(own) });
  expect((await source.get()).expiresAt.getTime()).toBe(now + seconds * 1000);
});

test.each([
  ['a number', 7],
  ['an object', {}],
  ['empty', ''],
  ['of two lines', 'a\r\nb'],
  ['with blanks', 'a b'],
])('a token that is %s is none', async (_, token) => {
  emulator.faults.add({ path: TOKEN, times: 'always', action: granting({ expires_in: 3599 }, token) });
  await expect(source.get()).rejects.toMatchObject({
    code: 'login_unreachable',
    message: expect.stringContaining('it answered 200 with neither a token nor a reason'),
  });
});

test.each([
  ['an error that is an object', { error: { code: 'x' } }, 'login_unreachable', /neither a token nor a reason/],
  [
    'a description that is none',
    { error: 'invalid_client', error_description: { x: 1 } },
    'login_refused',
    /it answered invalid_client/,
  ],
  [
    'numbers that are text',
    { error: 'invalid_client', error_codes: '7000215' },
    'login_refused',
    /it answered invalid_client/,
  ],
  ['an array', [], 'login_unreachable', /neither a token nor a reason/],
  ['a string', '"hello"', 'login_unreachable', /neither a token nor a reason/],
  ['null', 'null', 'login_unreachable', /neither a token nor a reason/],
])('a login that answers with %s is called what it is', async (_, body, code, expected) => {
  emulator.faults.add({ path: TOKEN, times: 'always', action: { kind: 'reply', status: 400, body } });
  await expect(source.get()).rejects.toMatchObject({ code, message: expect.stringMatching(expected) });
});
