import type { Credential } from './credential.js';
import { fetchSecretExpiry } from './secret-expiry.js';

const tenantId = '11111111-1111-4111-8111-111111111111';
const SECRET: Credential = { kind: 'secret', tenantId, clientId: 'app', clientSecret: 'abc8Q~emulator-only' };

const expiryIn = (passwordCredentials: readonly object[]) =>
  fetchSecretExpiry(SECRET, { get: () => Promise.resolve({ passwordCredentials }) });

const EARLY = '2027-01-01T00:00:00Z';
const LATE = '2028-06-01T00:00:00Z';

test.each<[string, object[], string | undefined]>([
  ['begins as ours does', [{ hint: 'abc', endDateTime: EARLY }], EARLY],
  ['begins otherwise', [{ hint: 'xyz', endDateTime: EARLY }], undefined],
  ['has an empty hint, with which every secret begins', [{ hint: '', endDateTime: EARLY }], undefined],
  ['has no hint', [{ endDateTime: EARLY }, { hint: null, endDateTime: EARLY }], undefined],
  ['does not say when it ends', [{ hint: 'abc' }, { hint: 'abc', endDateTime: null }], undefined],
  [
    'lasts longer but is another',
    [
      { hint: 'abc', endDateTime: EARLY },
      { hint: 'xyz', endDateTime: LATE },
    ],
    EARLY,
  ],
  [
    'begins alike and ends first',
    [
      { hint: 'abc', endDateTime: LATE },
      { hint: 'abc', endDateTime: EARLY },
    ],
    LATE,
  ],
  ['is not there', [], undefined],
])('a registered secret that %s', async (_, registered, expected) => {
  await expect(expiryIn(registered)).resolves.toEqual(expected === undefined ? undefined : new Date(expected));
});

test('an id is written into the path as text, whatever is in it', async () => {
  const asked: string[] = [];
  const reader = { get: (path: string) => Promise.resolve(asked.push(path)) };
  await fetchSecretExpiry({ ...SECRET, clientId: 'a/b?c' }, reader);
  expect(asked).toEqual(["/applications(appId='a%2Fb%3Fc')?$select=passwordCredentials"]);
});

test('a credential that is no secret asks nothing', async () => {
  const reader = { get: () => Promise.reject(new Error('nothing is to be asked')) };
  await expect(
    fetchSecretExpiry({ kind: 'managed-identity', tenantId, clientId: '' }, reader),
  ).resolves.toBeUndefined();
});
