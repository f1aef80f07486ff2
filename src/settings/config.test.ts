import { readConfig, type Environment } from './config.js';

const TENANT = {
  AZURE_TENANT_ID: '1B0C3D52-8F3E-4F37-9C61-0D5A7E8F9A10',
  AZURE_CLIENT_ID: '8a5a3f0e-6f52-4b1f-9b7c-2d1e0f3a4b5c',
  AZURE_CLIENT_SECRET: 'hunter2-hunter2',
};

const read = (environment: Environment) => readConfig({ ...TENANT, ...environment });

function errorOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return String(error);
  }
  throw new Error('expected an error');
}

test('without further settings the defaults hold', () => {
  expect(read({})).toMatchObject({
    tenant: {
      tenantId: TENANT.AZURE_TENANT_ID.toLowerCase(),
      filters: { includeGuests: false, includeAgents: false, domainNames: [] },
    },
    authorityHost: 'https://login.microsoftonline.com',
    graphBaseUrl: 'https://graph.microsoft.com',
    graphTimeoutMs: 100_000,
    graphRetries: 5,
    home: '.rollcall',
    schedule: { nightly: '0 2 * * *', 'sign-ins': '15 * * * *', timeZone: 'UTC' },
    removalGuardPercent: 10,
    signInRetentionDays: 90,
  });
});

test('the settings cannot be changed later', () => {
  const config = read({});
  expect(Object.isFrozen(config)).toBe(true);
  expect(Object.isFrozen(config.tenant?.filters)).toBe(true);
});

test.each([
  ['INCLUDE_GUESTS', { includeGuests: true, includeAgents: false }],
  ['INCLUDE_AGENTS', { includeGuests: false, includeAgents: true }],
])('%s lets its own kind of account into the roster', (name, filters) => {
  expect(read({ [name]: 'yes' }).tenant?.filters).toMatchObject(filters);
});

test('an empty variable counts as unset', () => {
  expect(read({ INCLUDE_GUESTS: '', DATABASE_URL: ' ', LOG_LEVEL: '' })).toMatchObject({
    databaseUrl: undefined,
    logLevel: undefined,
  });
});

test.each([
  ['contoso.com', ['contoso.com']],
  [' Contoso.com , FABRIKAM.com,, contoso.com', ['contoso.com', 'fabrikam.com']],
  ['bücher.example', ['bücher.example']],
])('the domain names %j are %j', (value, expected) => {
  expect(read({ DOMAIN_NAMES: value }).tenant?.filters.domainNames).toEqual(expected);
});

test.each([
  ['https://graph.example', 'https://graph.example'],
  ['https://graph.example:8443/', 'https://graph.example:8443'],
  ['https://gateway.example/graph/v1.0/', 'https://gateway.example/graph'],
])('the Graph host %s is read as %s', (value, expected) => {
  expect(read({ GRAPH_BASE_URL: value }).graphBaseUrl).toBe(expected);
});

test.each([
  ['AZURE_TENANT_ID', 'contoso'],
  ['AZURE_CLIENT_ID', 'two words'],
  ['AZURE_AUTHORITY_HOST', 'http://login.example'],
  ['AZURE_AUTHORITY_HOST', 'https://login.example/tenant'],
  ['GRAPH_BASE_URL', 'graph.example'],
  ['GRAPH_BASE_URL', 'http://graph.example'],
  ['NODE_EXTRA_CA_CERTS', '/no/such/file'],
  ['NODE_EXTRA_CA_CERTS', 'package.json'],
  ['INCLUDE_GUESTS', 'true'],
  ['INCLUDE_AGENTS', 'true'],
  ['DOMAIN_NAMES', 'not a domain'],
  ['DOMAIN_NAMES', ' , '],
  ['AZURE_AUTHORITY_HOST', 'login'],
  ['REMOVAL_GUARD_PERCENT', '101'],
  ['REMOVAL_GUARD_PERCENT', '1.5'],
  ['SIGN_IN_RETENTION_DAYS', '0'],
  ['SCHEDULE_NIGHTLY', 'every night'],
  ['SCHEDULE_NIGHTLY', '61 * * * *'],
  ['SCHEDULE_NIGHTLY', '0 2 30 2 *'],
  ['SCHEDULE_TIME_ZONE', 'Mars/Base'],
  ['LOG_LEVEL', 'loud'],
  ['AZURE_CREDENTIAL', 'password'],
  ['AZURE_CLOUD', 'germany'],
  ['GRAPH_AUDIENCE', 'graph'],
  ['TOKEN_REFRESH_PERCENT', '0'],
  ['IDENTITY_ENDPOINT', '127.0.0.1/msi'],
])('%s=%s is refused, saying what was found and what is accepted', (name, value) => {
  const message = errorOf(() => read({ [name]: value }));
  expect(message).toContain(`${name} is "${value}"; expected `);
});

test('one error lists every bad variable', () => {
  const message = errorOf(() => readConfig({ INCLUDE_GUESTS: 'maybe', LOG_LEVEL: 'loud', AZURE_CLIENT_ID: 'x' }));
  for (const name of ['INCLUDE_GUESTS', 'LOG_LEVEL', 'AZURE_TENANT_ID', 'AZURE_CLIENT_SECRET'])
    expect(message).toContain(name);
});

test.each(['DATABASE_URL', 'REDIS_URL', 'HTTPS_PROXY'])('a bad %s is not repeated: it may hold a password', (name) => {
  const message = errorOf(() => read({ [name]: 'mysql://root:hunter2@db' }));
  expect(message).toContain(name);
  expect(message).not.toContain('hunter2');
});

test('a command that only reads the database needs no credentials, but not half of them', () => {
  expect(readConfig({}).tenant).toBeUndefined();
  const half = { AZURE_TENANT_ID: TENANT.AZURE_TENANT_ID };
  expect(errorOf(() => readConfig(half))).toContain('AZURE_CLIENT_SECRET is not set');
});
