import { tasks } from '../../src/jobs/registry.js';
import { bad, createDoctorStage, type DoctorStage } from '../support/setup/doctor-stage.js';

let stage: DoctorStage;
beforeAll(async () => {
  stage = await createDoctorStage();
});
afterAll(() => stage.close());
afterEach(() => stage.reset());

test('the least that lets members be read is enough, and no group is listed to find one', async () => {
  stage.application.roles = [
    ...stage.roles.filter((name) => name !== 'GroupMember.Read.All'),
    'GroupMember.ReadBasic.All',
  ];
  stage.emulator.clearRequests();
  const found = await stage.findings();
  expect(bad(found)).toEqual([]);
  expect(found).toContainEqual({
    check: 'permission GroupMember.Read.All',
    level: 'ok',
    found: 'granted, by GroupMember.ReadBasic.All',
  });
  const paths = stage.emulator.requests.map(({ path }) => path);
  expect(paths.filter((path) => /^\/v1\.0\/groups(\?|$)/.test(path))).toEqual([]);
  expect(paths.filter((path) => /^\/v1\.0\/groups\/[^/]+\/members/.test(path))).toHaveLength(1);
});

test('two permissions that do for a path each do for a task together', async () => {
  stage.application.roles = [
    ...stage.roles.filter((name) => name !== 'User.Read.All'),
    'User.ReadWrite.All',
    'Organization.Read.All',
  ];
  const found = await stage.findings();
  expect(found).toContainEqual({
    check: 'permission User.Read.All',
    level: 'ok',
    found: 'granted, by User.ReadWrite.All and Organization.Read.All',
  });
  expect(bad(found)).toEqual([]);
});

/** Every answer of Graph to whoever has a token. */
const answeredWith = (status: number, body: unknown, headers = {}) =>
  stage.emulator.faults.add({
    path: /^\/v1\.0\/(?!organization\?\$select=id$)/,
    times: 'always',
    action: { kind: 'reply', status, body, headers },
  });

test.each([
  ['an empty object', {}],
  ['a list that is null', { value: null }],
  ['a list that is an object', { value: {} }],
  ['an array', []],
  ['an array of arrays', [[]]],
  ['a string of JSON', '"hello"'],
  ['a number', '7'],
  ['null', 'null'],
  ['a page of HTML', '<!doctype html><title>Sign in</title>'],
  ['nothing', ''],
  ['a link that is none', { value: [], '@odata.nextLink': 7 }],
])('%s in place of every answer is called what it is, and never a fault of Rollcall', async (_, body) => {
  answeredWith(200, body);
  const found = await stage.findings();
  const said = bad(found);
  for (const check of [...tasks.map(({ name }) => `request ${name}`), 'page']) {
    expect(said).toContainEqual(expect.stringMatching(new RegExp(`^problem ${check}: .* answered with .*expected`)));
  }
  expect(JSON.stringify(found)).not.toMatch(/ZodError|TypeError|fault of Rollcall|report it/);
});

test('an object without an id is named', async () => {
  stage.emulator.faults.add({
    path: '/v1.0/groups?',
    action: { kind: 'reply', status: 200, body: { value: [{ displayName: 'x' }] } },
  });
  expect(bad(await stage.findings())).toEqual(['problem request sso-roster: An object of /groups came without an id']);
});

test.each([
  ['a redirect', 302, { Location: 'https://login.proxy.example/?key=hunter2' }, /redirect to login\.proxy\.example/],
  ['an empty answer', 204, {}, /empty answer/],
])('%s in place of every answer is named', async (_, status, headers, expected) => {
  answeredWith(status, '', headers);
  for (const line of bad(await stage.findings())) expect(line).toMatch(expected);
});

test('Graph has as long to answer as a run would give it, and no longer', async () => {
  stage.emulator.faults.add({ path: '/v1.0/users?', times: 'always', action: { kind: 'delay', ms: 30_000 } });
  const late = /did not finish its answer within 1 s$/.source;
  expect(bad(await stage.findings({ GRAPH_TIMEOUT_SECONDS: '1' }))).toEqual([
    expect.stringMatching(`^problem request hr-roster: .* ${late}`),
    expect.stringMatching(`^problem page: .* ${late}`),
  ]);
});

test('an application that Graph does not know in this tenant is not blamed on the cloud or the clock', async () => {
  const message = 'The identity of the calling application could not be established.';
  answeredWith(401, { error: { code: 'Authorization_IdentityNotFound', message } });
  const found = (await stage.findings()).filter(({ level }) => level === 'problem');
  expect(found.map(({ check }) => check)).toContain('request hr-roster');
  for (const { found: says, advice } of found) {
    expect(says).toMatch(/no enterprise application or no consent/);
    expect(advice).not.toMatch(/AZURE_AUTHORITY_HOST|clock/);
  }
});

test('a 403 although all is granted names no permission as missing', async () => {
  const body = { error: { code: 'Authorization_RequestDenied', message: 'Insufficient privileges' } };
  stage.emulator.faults.add({ path: /organization\?.*displayName/, action: { kind: 'reply', status: 403, body } });
  const [first, ...others] = bad(await stage.findings());
  expect(others).toEqual([]);
  expect(first).toMatch(
    /^problem request application-discovery: Graph forbids this although the token has User\.Read\.All \(.*Insufficient/,
  );
});

test.each(['"hello"', '[]', '7', 'null', '{"error_codes":"x"}', '{"issuer":7}', '<html>'])(
  'a login whose discovery answers %s is no login, in words',
  async (body) => {
    stage.emulator.faults.add({
      path: /openid-configuration/,
      times: 'always',
      action: { kind: 'reply', status: 200, body },
    });
    const said = bad(await stage.findings());
    expect(said).toEqual([
      expect.stringMatching(/^problem login: No token from the login .*: it answered with what is no login$/),
    ]);
  },
);
