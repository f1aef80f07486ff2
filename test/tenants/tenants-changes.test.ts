import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tasks } from '../../src/jobs/registry.js';
import { countHolders, lockOfTenant } from '../support/locks.js';
import { runHere } from '../support/rollcall.js';
import { expectedRoster, rosterOf } from '../support/roster-oracle.js';
import { addArguments, keep } from '../support/setup/tenants.js';
import { createTenantsStage, RESTING, type TenantsStage } from '../support/setup/tenants-stage.js';
import { until } from '../support/until.js';
import { usersOf } from '../support/setup/world.js';

const HOUR_MS = 3_600_000;

let stage: TenantsStage;
afterEach(() => stage.close());

test('one whose secret is revoked in mid-run fails and says so; the others end well, and so does it once it is mended', async () => {
  // The hundred pages of the first take six seconds at least; in the middle of them every token comes to its end.
  let passedMs = 0;
  stage = await createTenantsStage({ users: 2000, latencyMs: 60, clock: () => Date.now() + passedMs });
  const { tenants, database, environment, startWorker, runsOf, isDone } = stage;
  const [one, two, three] = tenants;
  const { secrets } = one!.application;
  await keep(database, tenants, RESTING);
  const worker = startWorker();
  const staged = () =>
    database.rows(
      `select from rollcall_staging.checkpoints join rollcall_data.runs on run_id = id
       where runs.tenant_id = $1 and runs.task = 'hr-roster'`,
      [one!.data.tenantId],
    );
  await until(async () => (await staged()).length > 0);
  one!.application.secrets = [];
  passedMs = 2 * HOUR_MS;
  await until(async () => (await isDone(two!)) && (await isDone(three!)));
  await until(
    async () =>
      (await runsOf(one!, "task = 'hr-roster' and outcome = 'failed' and error_code = 'login_refused'")).length > 0,
  );
  for (const other of [two!, three!]) expect(await runsOf(other, "outcome <> 'complete'")).toEqual([]);
  await worker.saysOnErr('tenant cannot be read');
  expect((await runHere(['status'], environment)).out).toContain('company-1 has not been read since');

  one!.application.secrets = secrets;
  const mended = await runHere(['sync', '--tenant', one!.name], environment);
  expect(mended).toMatchObject({ code: 0 });
  expect(await database.rows(rosterOf(one!.data.tenantId))).toEqual(
    expectedRoster(usersOf(one!.data), { includeGuests: false, domainNames: [] }),
  );
  expect((await runHere(['status'], environment)).out).not.toContain('is not read');
});

test('a tenant whose login fails does not stop the others, and status says why', async () => {
  stage = await createTenantsStage();
  const { tenants, database, environment, startWorker, runsOf, isDone } = stage;
  const [one, two] = tenants;
  await keep(database, [one!, two!], RESTING);
  one!.application.secrets = [];
  const worker = startWorker();
  await until(() => isDone(two!));
  await worker.saysOnErr('tenant cannot be read');
  const status = await runHere(['status'], environment);
  expect(status.out).toMatch(
    /company-1 has not been read since .*: The login at .* refused us: the client secret is wrong/,
  );
  expect(status.out).not.toContain('All is well');
  const sync = await runHere(['sync', 'hr-roster'], environment);
  expect(sync).toMatchObject({ code: 1, err: expect.stringContaining('company-1 was not read') });
  expect(await runsOf(one!, 'true')).toEqual([]);
  expect(await runHere(['sync', '--tenant', 'company-1'], environment)).toMatchObject({
    code: 1,
    err: expect.stringContaining('AADSTS7000215'),
  });
});

test('a tenant that is added is read within seconds, one that is disabled no more, and enabled it goes on', async () => {
  stage = await createTenantsStage();
  const { tenants, database, environment, startWorker, runsOf, isDone } = stage;
  const [one, two] = tenants;
  const everySecond = ['--schedule-nightly', '* * * * * *', '--schedule-sso-access', 'off'];
  await keep(database, [two!], RESTING);
  startWorker();
  await until(() => isDone(two!));
  await runHere(addArguments(one!, ...everySecond), environment);
  await until(async () => (await runsOf(one!, "outcome = 'complete'")).length >= 2 * tasks.length);

  expect(await runHere(['tenants', 'disable', one!.name], environment)).toMatchObject({ code: 0 });
  const schedules = () =>
    database.rows("select from bullmq.scheduler t where t::text like '%' || $1 || '%'", [one!.data.tenantId]);
  // What was under way has ended or given itself back when nobody holds the tenant any more.
  await until(async () => (await countHolders(database, lockOfTenant(one!.data.tenantId))) === 0);
  const before = await runsOf(one!, 'true');
  expect(await schedules()).toEqual([]);
  await new Promise((resolve) => setTimeout(resolve, 2500));
  expect(await runsOf(one!, 'true')).toEqual(before);
  expect(await runHere(['status'], environment)).toMatchObject({
    out: expect.stringContaining('company-1 has been disabled'),
  });
  expect(await runHere(['sync', '--tenant', one!.name], environment)).toMatchObject({
    code: 1,
    err: expect.stringContaining('rollcall tenants enable'),
  });

  await runHere(['tenants', 'enable', one!.name], environment);
  await until(async () => (await runsOf(one!, 'true')).length > before.length);
});

test('a tenant that is changed is read as it is now, by the worker that runs', async () => {
  let passedMs = 0;
  stage = await createTenantsStage({ clock: () => Date.now() + passedMs });
  const { tenants, database, environment, folder, startWorker, runsOf } = stage;
  const [one] = tenants;
  const everySecond = ['--schedule-nightly', '* * * * * *', '--schedule-sso-access', 'off'];
  await runHere(addArguments(one!, ...everySecond), environment);
  const expected = (includeGuests: boolean) => expectedRoster(usersOf(one!.data), { includeGuests, domainNames: [] });
  const roster = () => database.rows(rosterOf(one!.data.tenantId));
  startWorker();
  await until(async () => (await roster()).length === expected(false).length);
  expect(expected(true).length).toBeGreaterThan(expected(false).length);

  // Its filters.
  expect(await runHere(['tenants', 'update', one!.name, '--include-guests', 'yes'], environment)).toMatchObject({
    code: 0,
  });
  await until(async () => (await roster()).length === expected(true).length);
  expect(await roster()).toEqual(expected(true));

  // Where its secret is: the one in the variable is revoked, and whatever was logged in by it has come to its end.
  const secret = 'emulator-only-and-new';
  one!.application.secrets = [{ id: one!.application.secrets[0]!.id, value: secret }];
  const path = join(folder, 'another');
  await writeFile(path, secret);
  expect(await runHere(['tenants', 'update', one!.name, '--secret-ref', `file:${path}`], environment)).toMatchObject({
    code: 0,
  });
  passedMs = 2 * HOUR_MS;
  const before = (await runsOf(one!, "outcome = 'complete'")).length;
  await until(async () => (await runsOf(one!, "outcome = 'complete'")).length >= before + tasks.length);
});
