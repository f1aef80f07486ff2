import { graphUser } from './graph-user.js';
import { toUserRow } from './normalize.js';

const ID = '6ea91a8d-e32e-41a1-b7bd-d2d185eed0e0';
const rowOf = (properties: object) => toUserRow(graphUser.parse({ id: ID, ...properties }));

test('a user about whom Graph tells only the id is a row of nulls', () => {
  expect(rowOf({})).toEqual({
    userId: ID,
    userPrincipalName: null,
    email: null,
    emailAliases: [],
    firstName: null,
    lastName: null,
    displayName: null,
    activeDate: null,
    department: null,
    location: null,
    userType: null,
    accountEnabled: null,
    anonymized: false,
  });
});

test('names and flags arrive as they are', () => {
  const user = {
    userPrincipalName: 'Ada@Contoso.com',
    givenName: 'Ada\t',
    surname: '\\N',
    displayName: '  "Ada" 👩‍💻 ',
    accountEnabled: false,
    userType: 'Member',
    department: '',
  };
  expect(rowOf(user)).toMatchObject({
    userPrincipalName: 'Ada@Contoso.com',
    firstName: 'Ada\t',
    lastName: '\\N',
    displayName: '  "Ada" 👩‍💻 ',
    accountEnabled: false,
    userType: 'Member',
    department: '',
  });
});

test.each([
  ['Ada@Contoso.COM', 'ada@contoso.com'],
  [null, null],
  ['', null],
])('the mail %j is the email %j', (mail, email) => {
  expect(rowOf({ mail }).email).toBe(email);
});

test('aliases are the other mail addresses: lower case, distinct, sorted', () => {
  const user = {
    mail: 'Ada@contoso.com',
    proxyAddresses: [
      'SMTP:ADA@contoso.com',
      'smtp:zoe@contoso.com',
      'smtp: spaced@contoso.com ',
      'x500:/o=x',
      'sip:ada@contoso.com',
      'Smtp:Zoe@Contoso.com',
      'smtp:',
    ],
    otherMails: ['Private@example.org', 'zoe@contoso.com', ' '],
  };
  expect(rowOf(user).emailAliases).toEqual(['private@example.org', 'spaced@contoso.com', 'zoe@contoso.com']);
});

test('without a mail the primary proxy address is an alias', () => {
  expect(rowOf({ proxyAddresses: ['SMTP:ada@contoso.com'] }).emailAliases).toEqual(['ada@contoso.com']);
});

test.each([
  [
    'the hire date',
    { employeeHireDate: '2020-01-01T00:00:00Z', createdDateTime: '2019-01-01T00:00:00Z' },
    '2020-01-01T00:00:00Z',
  ],
  [
    'the creation, without a hire date',
    { employeeHireDate: null, createdDateTime: '2019-01-01T00:00:00Z' },
    '2019-01-01T00:00:00Z',
  ],
  [
    "the creation, where the hire date is .NET's nothing",
    { employeeHireDate: '0001-01-01T00:00:00Z', createdDateTime: '2019-01-01T00:00:00Z' },
    '2019-01-01T00:00:00Z',
  ],
  ['unknown', {}, null],
])('the active date is %s', (_, user, expected) => {
  expect(rowOf(user).activeDate).toBe(expected);
});

test.each([
  [{ officeLocation: 'B 12', city: 'Oslo', usageLocation: 'NO' }, 'B 12'],
  [{ officeLocation: '', city: 'Oslo', state: null, country: 'Norway' }, 'Oslo, Norway'],
  [{ city: '', state: 'WA', country: '' }, 'WA'],
  [{ usageLocation: 'NO' }, 'NO'],
  [{ usageLocation: '' }, null],
])('the location of %j is %j', (user, expected) => {
  expect(rowOf(user).location).toBe(expected);
});

test.each([
  ['FE7CC8C15246EDCCA289C9A4022762F7', true],
  ['fe7cc8c15246edcca289c9a4022762f7', true],
  ['{PII Removed}@contoso.com', true],
  ['FE7CC8C15246EDCCA289C9A4022762F7@contoso.com', false],
  ['FE7CC8C15246EDCCA289C9A4022762F', false],
  ['ada@contoso.com', false],
  [null, false],
])('whether %s names nobody: %s', (userPrincipalName, expected) => {
  expect(rowOf({ userPrincipalName }).anonymized).toBe(expected);
});
