import { graphUser } from './item.js';
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

test('a user as Graph sends one', () => {
  const user = {
    '@odata.type': '#microsoft.graph.user',
    id: '6EA91A8D-E32E-41A1-B7BD-D2D185EED0E0',
    userPrincipalName: 'AdeleV@contoso.com',
    mail: 'AdeleV@contoso.com',
    proxyAddresses: ['SMTP:AdeleV@contoso.com', 'smtp:adele.vance@contoso.com', 'X500:/o=Contoso/cn=AdeleV'],
    otherMails: ['adele@example.org'],
    givenName: 'Adele',
    surname: 'Vance',
    displayName: 'Adele Vance',
    employeeHireDate: '2019-03-04T00:00:00Z',
    createdDateTime: '2019-02-11T09:14:33Z',
    department: 'Retail',
    officeLocation: '18/2111',
    city: 'Bellevue',
    state: 'WA',
    country: 'United States',
    usageLocation: 'US',
    userType: 'Member',
    accountEnabled: true,
    businessPhones: ['+1 425 555 0109'],
  };
  expect(rowOf(user)).toEqual({
    userId: ID,
    userPrincipalName: 'AdeleV@contoso.com',
    email: 'adelev@contoso.com',
    emailAliases: ['adele.vance@contoso.com', 'adele@example.org'],
    firstName: 'Adele',
    lastName: 'Vance',
    displayName: 'Adele Vance',
    activeDate: '2019-03-04T00:00:00Z',
    department: 'Retail',
    location: '18/2111',
    userType: 'Member',
    accountEnabled: true,
    anonymized: false,
  });
});

test('names and flags arrive as they are, trimmed', () => {
  const user = {
    userPrincipalName: 'Ada@Contoso.com ',
    givenName: 'Ada\t',
    surname: '\\N',
    displayName: '  "Ada" 👩‍💻 ',
    accountEnabled: false,
    userType: 'Member',
    department: 'R&D\u00A0',
  };
  expect(rowOf(user)).toMatchObject({
    userPrincipalName: 'Ada@Contoso.com',
    firstName: 'Ada',
    lastName: '\\N',
    displayName: '"Ada" 👩‍💻',
    accountEnabled: false,
    userType: 'Member',
    department: 'R&D',
  });
});

test.each(['', ' ', '\t\n', '\u00A0\u3000', '\u0085', '\uFEFF'])('a user whose every text is %j has none', (blank) => {
  const user = {
    userPrincipalName: blank,
    mail: blank,
    proxyAddresses: [blank, `smtp:${blank}`],
    otherMails: [blank],
    givenName: blank,
    surname: blank,
    displayName: blank,
    employeeHireDate: blank,
    createdDateTime: blank,
    department: blank,
    officeLocation: blank,
    city: blank,
    state: blank,
    country: blank,
    usageLocation: blank,
    userType: blank,
  };
  expect(rowOf(user)).toEqual(rowOf({}));
});

test.each([
  ['Ada@Contoso.COM', 'ada@contoso.com'],
  [' a12@contoso.com ', 'a12@contoso.com'],
  [null, null],
  ['', null],
  [' ', null],
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

test('a mail with blanks around it is no alias of itself', () => {
  const user = {
    mail: ' A12@contoso.com ',
    proxyAddresses: ['SMTP:a12@contoso.com'],
    otherMails: ['a12@Contoso.com\t'],
  };
  expect(rowOf(user)).toMatchObject({ email: 'a12@contoso.com', emailAliases: [] });
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
    "the creation, if the hire date is .NET's nothing",
    { employeeHireDate: '0001-01-01T00:00:00Z', createdDateTime: '2019-01-01T00:00:00Z' },
    '2019-01-01T00:00:00Z',
  ],
  [
    "the creation, if the hire date is Windows' nothing",
    { employeeHireDate: '1601-01-01T00:00:00Z', createdDateTime: '2019-01-01T00:00:00Z' },
    '2019-01-01T00:00:00Z',
  ],
  [
    'unknown, if neither is a date',
    { employeeHireDate: '1601-01-01T00:00:00Z', createdDateTime: '0001-01-01T00:00:00Z' },
    null,
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
  [{ officeLocation: ' ', city: 'Oslo' }, 'Oslo'],
  [{ officeLocation: '\u00A0', city: ' ', country: 'NO' }, 'NO'],
  [{ city: ' Oslo ', state: '\t', country: ' Norway' }, 'Oslo, Norway'],
  [{ city: ' ', state: '', country: null, usageLocation: ' NO ' }, 'NO'],
])('the location of %j is %j', (user, expected) => {
  expect(rowOf(user).location).toBe(expected);
});

const AGENT = '#microsoft.graph.agentUser';

test.each([
  [{ userType: 'Member' }, 'Member'],
  [{ userType: 'member' }, 'Member'],
  [{ userType: ' GUEST ' }, 'Guest'],
  [{ userType: null }, null],
  [{ userType: ' ' }, null],
  [{ userType: ' Contractor' }, 'Contractor'],
  [{ '@odata.type': '#microsoft.graph.user', userType: 'Member' }, 'Member'],
  [{ '@odata.type': AGENT, userType: 'Member' }, 'Agent'],
  [{ '@odata.type': AGENT, userType: 'guest' }, 'Agent'],
  [{ '@odata.type': AGENT, userType: null }, 'Agent'],
  [{ '@odata.type': AGENT }, 'Agent'],
  [{ '@odata.type': ' #Microsoft.Graph.AgentUser ' }, 'Agent'],
  // Without the hash, as OData 4.01 writes types: https://docs.oasis-open.org/odata/odata-json-format/v4.01/odata-json-format-v4.01.html#sec_ControlInformationtypeodatatype
  [{ '@odata.type': 'microsoft.graph.agentUser' }, 'Agent'],
])('the user type of %j is %j', (user, expected) => {
  expect(rowOf(user).userType).toBe(expected);
});

test.each([
  ['FE7CC8C15246EDCCA289C9A4022762F7', true],
  ['{PII Removed}@contoso.com', true],
  ['ada@contoso.com', false],
  [null, false],
])('whether a user named %s is anonymized: %s', (userPrincipalName, expected) => {
  expect(rowOf({ userPrincipalName }).anonymized).toBe(expected);
});
