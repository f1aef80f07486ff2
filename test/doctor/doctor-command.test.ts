import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createDoctorStage, inDays, type DoctorStage } from '../support/setup/doctor-stage.js';
import { runHere } from '../support/rollcall.js';

let stage: DoctorStage;
beforeAll(async () => {
  stage = await createDoctorStage();
});
afterAll(() => stage.close());
afterEach(() => stage.reset());

test('the command: a line a check, and its exit code', async () => {
  const { environment } = stage;
  const well = await runHere(['doctor'], environment);
  expect([well.code, well.err]).toEqual([0, '']);
  expect(well.out).toMatch(/^ok {7}database {2,}Postgres [^]*\nTenant 5a3b1e00-[^]*\n\nAll is well\.\n$/);
  stage.application.roles = stage.roles.filter((name) => !/^(User|ReportSettings)/.test(name));
  const ill = await runHere(['doctor', '--tenant', stage.tenant.tenantId.toUpperCase(), '--json'], environment);
  expect(ill.code).toBe(1);
  const lines = ill.out
    .trim()
    .split('\n')
    .map((line): Record<string, unknown> => JSON.parse(line));
  expect(lines.filter(({ level }) => level !== 'ok')).toEqual([
    {
      tenant_id: stage.tenant.tenantId,
      check: 'permission User.Read.All',
      level: 'problem',
      found: 'not granted: hr-roster and application-discovery fail',
      advice: expect.stringContaining('adminconsent'),
    },
    expect.objectContaining({ check: 'permission ReportSettings.Read.All', level: 'warning' }),
  ]);
  // Warnings alone are no failure.
  stage.application.roles = stage.roles.filter((name) => !name.startsWith('ReportSettings'));
  const warned = await runHere(['doctor'], environment);
  expect([warned.code, warned.out]).toEqual([0, expect.stringMatching(/\n {2,}What to do: .*\n[^]*\n1 warning\.\n$/)]);
});

test('without a tenant it says so; where there is no embedded Postgres it makes none', async () => {
  const ROLLCALL_HOME = join(stage.home, 'none');
  const { code, out } = await runHere(['doctor'], { ROLLCALL_HOME });
  expect(code).toBe(1);
  expect(out).toMatch(/^ok +database +there is no embedded Postgres under /);
  expect(out).toMatch(/\nproblem +tenant +no tenant is configured\n +What to do: Set AZURE_TENANT_ID/);
  expect(out).toMatch(/\n1 problem\. Problems can hide others: fix these, then run doctor again\.\n$/);
  expect(existsSync(ROLLCALL_HOME)).toBe(false);
  await expect(runHere(['doctor', '--tenant', 'contoso'], { ROLLCALL_HOME })).resolves.toMatchObject({
    code: 1,
    err: expect.stringContaining('No tenant contoso is configured'),
  });
});

test('what it asked stands on the access log, and it has changed nothing else', async () => {
  await stage.findings();
  const asked = await stage.database.rows<{ uri: string; task: string | null }>(
    'select uri, task from rollcall_data.access_log',
  );
  for (const path of ['/openid-configuration', '/oauth2/v2.0/token', '/v1.0/users?', '/v1.0/auditLogs/signIns?']) {
    expect(asked.filter(({ uri }) => uri.includes(path))).not.toEqual([]);
  }
  for (const table of ['runs', 'users', 'tenant_facts']) {
    expect(await stage.database.rows(`select from rollcall_data.${table}`)).toEqual([]);
  }
});

test('a run of application-discovery sees when the client secret expires, and status warns of it', async () => {
  const [secret] = stage.application.secrets;
  stage.application.secrets = [{ ...secret!, expires: inDays(12).toISOString() }];
  const synced = await runHere(['sync', 'application-discovery'], stage.environment);
  expect(synced.code).toBe(0);
  const { out } = await runHere(['status'], stage.environment);
  expect(out).toMatch(
    /\nWarning: the client secret for tenant 5a3b1e00-\S+ expires on [\d-]+, in 12 days\. Create a new/,
  );
  // Who may not see it, is not told of what was.
  stage.emulator.faults.add({ path: '/v1.0/applications(', action: { kind: 'reply', status: 403, body: {} } });
  expect((await runHere(['sync', 'application-discovery'], stage.environment)).code).toBe(0);
  expect((await runHere(['status'], stage.environment)).out).not.toContain('client secret');
});
