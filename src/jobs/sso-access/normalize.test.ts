import { graphSignIn } from './item.js';
import { isInterrupt } from './interrupts.js';
import { toSignInRow } from './normalize.js';

const USER = '6ea91a8d-e32e-41a1-b7bd-d2d185eed0e0';
const ZERO = '00000000-0000-0000-0000-000000000000';
const HASH = 'fe7cc8c15246edcca289c9a4022762f7';
const rowOf = (properties: object) =>
  toSignInRow(graphSignIn.parse({ id: 'event', createdDateTime: '2026-03-01T12:00:00Z', userId: USER, ...properties }));

test('a sign-in of which Graph tells only who and when is a row of nulls, and neither a login nor a failure', () => {
  expect(rowOf({})).toEqual({
    eventId: 'event',
    createdAt: '2026-03-01T12:00:00Z',
    userId: USER,
    userPrincipalName: null,
    applicationId: ZERO,
    applicationName: null,
    errorCode: null,
    interrupted: false,
    location: null,
    anonymized: false,
    pseudonym: '',
  });
});

test('a sign-in as Graph sends one', () => {
  const signIn = {
    id: '66ea54eb-6301-4ee5-be62-ff5a759b0100',
    createdDateTime: '2026-03-01T12:34:56.7890123Z',
    userDisplayName: 'Adele Vance',
    userPrincipalName: 'adelev@contoso.com',
    userId: USER.toUpperCase(),
    appId: 'DE8BC8B5-D9F9-48B1-A8AD-B748DA725064',
    appDisplayName: 'Graph Explorer',
    ipAddress: '203.0.113.17',
    isInteractive: true,
    status: { errorCode: 50126, failureReason: 'Error validating credentials', additionalDetails: null },
    location: { city: 'Redmond', state: 'Washington', countryOrRegion: 'US', geoCoordinates: { latitude: 47.6 } },
  };
  expect(rowOf(signIn)).toEqual({
    eventId: '66ea54eb-6301-4ee5-be62-ff5a759b0100',
    createdAt: '2026-03-01T12:34:56.789012Z',
    userId: USER,
    userPrincipalName: 'adelev@contoso.com',
    applicationId: 'de8bc8b5-d9f9-48b1-a8ad-b748da725064',
    applicationName: 'Graph Explorer',
    errorCode: 50126,
    interrupted: false,
    location: 'Redmond, Washington, US',
    anonymized: false,
    pseudonym: '',
  });
});

test.each(['', ' ', '\t\n', '\u00A0\u3000', '\u0085'])('a sign-in whose every text is %j has none', (blank) => {
  const signIn = {
    userId: blank,
    userPrincipalName: blank,
    appId: blank,
    appDisplayName: blank,
    location: { city: blank, state: blank, countryOrRegion: blank },
  };
  expect(rowOf(signIn)).toEqual({ ...rowOf({}), userId: ZERO, anonymized: true });
});

test.each([
  [undefined, null],
  [null, null],
  [{}, null],
  [{ errorCode: null }, null],
  [{ errorCode: 0 }, 0],
  [{ errorCode: 0, failureReason: 'Anything' }, 0],
  [{ errorCode: 50126 }, 50126],
])('the status %j has the code %j', (status, errorCode) => {
  expect(rowOf({ status })).toMatchObject({ errorCode, interrupted: false });
});

test.each([
  16000, 16001, 16003, 50055, 50058, 50059, 50072, 50074, 50076, 50078, 50079, 50097, 50125, 50127, 50129, 50140, 50143, 50144,
  50158, 50168, 50199, 51006, 52004, 65001, 70043, 70044, 81010, 81012, 81014, 90095, 1000002,
])('%s is an interrupt', (errorCode) => {
  expect(rowOf({ status: { errorCode } })).toMatchObject({ errorCode, interrupted: true });
}); // prettier-ignore

test.each([0, 50053, 50057, 50126, 50133, 50135, 50173, 53000, 53003, 65004, 500121, 500021, 700082, 90094, -1, null])(
  '%s is none',
  (errorCode) => {
    expect(isInterrupt(errorCode)).toBe(false);
  },
);

test.each([
  [{ city: 'Oslo', state: 'Oslo', countryOrRegion: 'NO' }, 'Oslo, Oslo, NO'],
  [{ city: ' ', state: 'S', countryOrRegion: 'US' }, 'S, US'],
  [{ city: ' Oslo\t', state: null, countryOrRegion: '' }, 'Oslo'],
  [{ countryOrRegion: 'NO' }, 'NO'],
  [{}, null],
  [null, null],
])('the location of %j is %j', (location, expected) => {
  expect(rowOf({ location }).location).toBe(expected);
});

test.each([
  ['a person', USER, 'Ada@contoso.com', false, ''],
  ['a person without a name', USER, null, false, ''],
  ['a person named by the own id', USER, USER, false, ''],
  ['a concealed name with an id', USER, HASH, true, HASH],
  ['a concealed name without an id', '', HASH, true, HASH],
  ['a concealed name with the zero id', ZERO, HASH, true, HASH],
  ['a concealed name in capitals', ZERO, HASH.toUpperCase(), true, HASH],
  ['a concealed name with blanks around it', ' ', ` ${HASH}\u00A0`, true, HASH],
  ['a redacted name', ZERO, '{PII Removed}@Domain.com', true, '{pii removed}@domain.com'],
  ['a redacted name with an id', USER, '{PII Removed}@domain.com', true, '{pii removed}@domain.com'],
  ['a name without an id', null, 'Ada@contoso.com', true, 'ada@contoso.com'],
  ['no name and no id', '', '', true, ''],
  ['no name and the zero id', ZERO, null, true, ''],
  ['no name and a blank id', '\t', ' ', true, ''],
])('%s', (_, userId, userPrincipalName, anonymized, pseudonym) => {
  expect(rowOf({ userId, userPrincipalName })).toMatchObject({ anonymized, pseudonym });
});

test('a pseudonym fits into a key of Postgres, and two long names are two', () => {
  const [one, other] = ['a', 'b'].map((end) => rowOf({ userId: '', userPrincipalName: `${'x'.repeat(5000)}${end}` }));
  expect(one!.pseudonym).toMatch(/^[0-9a-f]{64}$/);
  expect(other!.pseudonym).not.toBe(one!.pseudonym);
  expect(one!.userPrincipalName).toHaveLength(5001);
});
