import type { Environment } from '../../src/settings/config.js';
import {
  SAMPLE_CLIENT_ID,
  SAMPLE_CLIENT_SECRET,
  SAMPLE_SECRET_ID,
  type Application,
  type TenantData,
} from '../../src/emulator/index.js';
import { PERMISSIONS } from '../../src/jobs/permissions.js';
import { tasks } from '../../src/jobs/registry.js';
import { bad, createDoctorStage, inDays, type DoctorStage } from '../support/setup/doctor-stage.js';

let stage: DoctorStage;
beforeAll(async () => {
  stage = await createDoctorStage();
});
afterAll(() => stage.close());
afterEach(() => stage.reset());

const ALL = [
  'database',
  'migrations',
  'queue',
  'proxy',
  'login',
  'tenant',
  'graph',
  'clock',
  'token',
  ...Object.keys(PERMISSIONS).map((name) => `permission ${name}`),
  ...tasks.map(({ name }) => `request ${name}`),
  'license',
  'page',
  'names',
  'credential',
];

test('a good set-up: every check is there, and says what it found', async () => {
  const found = await stage.findings();
  expect(bad(found)).toEqual([]);
  expect(found.map(({ check }) => check).sort()).toEqual([...ALL].sort());
  const said = (check: string) => found.find((finding) => finding.check === check)?.found;
  expect(said('database')).toMatch(/^Postgres \d+\.\d+ at 127\.0\.0\.1:\d+\/rollcall_test_/);
  expect(said('token')).toMatch(/^obtained by the client secret, valid until \d{4}-/);
  expect(said('request sso-roster')).toMatch(/^Graph answers: 4 requests, [\d,]+ ms, [\d,]+ bytes$/);
  expect(said('page')).toMatch(new RegExp(`^${stage.tenant.users.size} users: 1 request, `));
  expect(said('credential')).toBe('the client secret is valid until 2299-12-31');
});

interface Broken {
  /** Each finding that is not ok; all others are. */
  readonly expected: readonly RegExp[];
  readonly settings?: Environment;
  readonly application?: (() => Partial<Application>) | undefined;
  readonly tenant?: Partial<TenantData>;
}

const without =
  (role: string): Broken['application'] =>
  () => ({ roles: stage.roles.filter((name) => name !== role) });
const instead =
  (role: string, other: string): Broken['application'] =>
  () => ({ roles: [...stage.roles.filter((name) => name !== role), other] });
const NOBODY = '99999999-9999-4999-8999-999999999999';

const BROKEN: Readonly<Record<string, Broken>> = {
  'a wrong secret': {
    settings: { AZURE_CLIENT_SECRET: 'wrong-hunter2' },
    expected: [/^problem token: The login at localhost:.* refused us: the client secret is wrong \(AADSTS7000215\)$/],
  },
  "the secret's id in its place": {
    settings: { AZURE_CLIENT_SECRET: SAMPLE_SECRET_ID },
    expected: [/^problem token: .*: it has the form of a secret's id$/],
  },
  'a secret that has expired': {
    application: () => ({
      secrets: [{ id: SAMPLE_SECRET_ID, value: SAMPLE_CLIENT_SECRET, expires: inDays(-1).toISOString() }],
    }),
    expected: [/^problem token: .* the client secret has expired \(AADSTS7000222\)$/],
  },
  'a secret that is about to expire': {
    application: () => ({
      secrets: [
        { id: SAMPLE_SECRET_ID, value: SAMPLE_CLIENT_SECRET, expires: inDays(20).toISOString() },
        { id: NOBODY, value: 'another~that-lasts' },
      ],
    }),
    expected: [/^warning credential: the client secret expires on \d{4}-\d\d-\d\d, in 20 days$/],
  },
  'an unknown tenant': {
    settings: { AZURE_TENANT_ID: NOBODY },
    expected: [/^problem tenant: .* the tenant does not exist in this cloud \(AADSTS90002\)$/],
  },
  'an unknown application': {
    settings: { AZURE_CLIENT_ID: NOBODY },
    expected: [/^problem token: .* the application does not exist in this tenant \(AADSTS700016\)$/],
  },
  'a disabled application': {
    application: () => ({ enabled: false }),
    expected: [/^problem token: .* the application is disabled \(AADSTS7000112\)$/],
  },
  'no User.Read.All': {
    application: without('User.Read.All'),
    expected: [/^problem permission User\.Read\.All: not granted: hr-roster and application-discovery fail$/],
  },
  'no Application.Read.All': {
    application: without('Application.Read.All'),
    expected: [/^problem permission Application\.Read\.All: not granted: application-discovery and sso-roster fail$/],
  },
  'no GroupMember.Read.All': {
    application: without('GroupMember.Read.All'),
    expected: [/^problem permission GroupMember\.Read\.All: not granted: sso-roster fails$/],
  },
  'no AuditLog.Read.All': {
    application: without('AuditLog.Read.All'),
    expected: [/^problem permission AuditLog\.Read\.All: not granted: sso-access fails$/],
  },
  'no ReportSettings.Read.All': {
    application: without('ReportSettings.Read.All'),
    expected: [
      /^warning permission ReportSettings\.Read\.All: not granted: whether names are concealed stays unknown$/,
    ],
  },
  'no consent at all': {
    application: () => ({ roles: [] }),
    expected: ['User', 'Application', 'GroupMember', 'AuditLog', 'ReportSettings'].map(
      (name) => new RegExp(`^(problem|warning) permission ${name}\\.Read\\.All: not granted`),
    ),
  },
  'User.ReadWrite.All in place of User.Read.All': {
    application: instead('User.Read.All', 'User.ReadWrite.All'),
    expected: [
      /^problem permission User\.Read\.All: not granted: application-discovery fails; User\.ReadWrite\.All is granted, which is not enough for \/organization$/,
    ],
  },
  'User.ReadBasic.All in place of User.Read.All': {
    application: instead('User.Read.All', 'User.ReadBasic.All'),
    expected: [
      /^problem permission User\.Read\.All: not granted: hr-roster and application-discovery fail; User\.ReadBasic\.All is granted, which shows basic properties only$/,
    ],
  },
  'no premium license': {
    tenant: { premium: false },
    expected: [/^warning license: this tenant has no Microsoft Entra ID P1 or P2 license: .* sso-access fails/],
  },
  'names that are concealed': {
    tenant: { concealedNames: true },
    expected: [/^warning names: this tenant conceals names/],
  },
  'a database that is away': {
    settings: { DATABASE_URL: 'postgres://rollcall:hunter2@127.0.0.1:1/none' },
    expected: [/^problem database: No database at 127\.0\.0\.1:1\/none: ECONNREFUSED$/],
  },
  'a Redis that is away': {
    settings: { REDIS_URL: 'redis://:hunter2@127.0.0.1:1' },
    expected: [/^problem queue: No Redis at 127\.0\.0\.1:1: ECONNREFUSED$/],
  },
  'a login that is away': {
    settings: { AZURE_AUTHORITY_HOST: 'https://127.0.0.1:1' },
    expected: [/^problem login: No token from the login at 127\.0\.0\.1:1\/.* ECONNREFUSED/],
  },
  'a certificate that is not there': {
    settings: { AZURE_CLIENT_SECRET: '', AZURE_CLIENT_CERTIFICATE_PATH: '/nowhere/certificate.pem' },
    expected: [/^problem credential: The certificate \/nowhere\/certificate\.pem cannot be read \(ENOENT\)$/],
  },
  'a token file that is not there': {
    settings: { AZURE_CLIENT_SECRET: '', AZURE_FEDERATED_TOKEN_FILE: '/nowhere/token' },
    expected: [/^problem token: The token file \/nowhere\/token /],
  },
};

test.each(Object.entries(BROKEN))(
  '%s: one line says so, with what to do, and the rest stays as it was',
  async (_, broken) => {
    Object.assign(stage.application, broken.application?.());
    Object.assign(stage.tenant, broken.tenant);
    const found = await stage.findings(broken.settings);
    expect(bad(found)).toEqual(broken.expected.map((pattern) => expect.stringMatching(pattern)));
    for (const { level, advice = '' } of found) expect([level === 'ok', advice !== '']).not.toEqual([false, false]);
  },
);

test('a broader permission is as good', async () => {
  stage.application.roles = ['Directory.Read.All', 'AuditLog.Read.All', 'ReportSettings.Read.All'];
  const found = await stage.findings();
  expect(bad(found)).toEqual([]);
  expect(found).toContainEqual({
    check: 'permission GroupMember.Read.All',
    level: 'ok',
    found: 'granted, by Directory.Read.All',
  });
});

test('what is to be consented to is one click away', async () => {
  stage.application.roles = [];
  const [first] = (await stage.findings()).filter(({ check }) => check.startsWith('permission'));
  expect(first?.advice).toContain(
    `${stage.emulator.url}/${stage.tenant.tenantId}/adminconsent?client_id=${SAMPLE_CLIENT_ID} `,
  );
});

describe('groups that hide their members', () => {
  const check = 'permission Member.Read.Hidden';
  const found = async () => (await stage.findings()).find((finding) => finding.check === check);
  const assigned = () => {
    const { appRoleAssignments, servicePrincipals } = stage.tenant;
    const ids = servicePrincipals.places(-1, 1000).map((place) => servicePrincipals.at(place).id);
    const assignments = ids.flatMap((id) => appRoleAssignments.of(id));
    return String(assignments.find(({ principalType }) => principalType === 'Group')!['principalId']);
  };

  test('are warned of if one is assigned to an application and the token lacks the permission', async () => {
    const id = assigned();
    const { visibility } = stage.tenant.groups.get(id)!;
    stage.tenant.groups.update(id, { visibility: 'HiddenMembership' });
    try {
      expect(await found()).toMatchObject({
        level: 'warning',
        found: expect.stringMatching(/^not granted, and 1 assigned group hides its members/),
        advice: expect.stringContaining('Member.Read.Hidden'),
      });
      stage.application.roles = [...stage.roles, 'Member.Read.Hidden'];
      expect(await found()).toMatchObject({ level: 'ok', found: 'granted' });
    } finally {
      stage.tenant.groups.update(id, { visibility });
    }
  });

  test('are no matter if none is assigned', async () => {
    expect(await found()).toMatchObject({ level: 'ok' });
  });
});
