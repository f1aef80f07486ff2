import { applicationDiscovery } from '../../src/jobs/application-discovery/index.js';
import { hrRoster } from '../../src/jobs/hr-roster/index.js';
import { ssoAccess } from '../../src/jobs/sso-access/index.js';
import { ssoRoster } from '../../src/jobs/sso-roster/index.js';
import type { Task } from '../../src/jobs/task.js';
import type { FaultAction } from '../../src/emulator/index.js';
import { DAY, expectedSignIns, SIGN_INS_SQL, signInsSince } from '../support/access-oracle.js';
import { windowsOf } from '../support/setup/access-tenant.js';
import { createWorld, graphPaths, type World } from '../support/setup/world.js';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

const EVERYBODY = { includeGuests: true, domainNames: [] };
const SIGN_INS = '/v1.0/auditLogs/signIns';
const strike = (path: string, action: FaultAction, times: number | 'always' = 'always') =>
  world.emulator.faults.add({ path, times, action });
const FORBIDDEN: FaultAction = {
  kind: 'reply',
  status: 403,
  body: { error: { code: 'Authorization_RequestDenied', message: 'Insufficient privileges' } },
};
const outcomes = async (tasks?: Task[]) =>
  Object.fromEntries(
    (await world.sync({ ...EVERYBODY, ...(tasks === undefined ? {} : { tasks }) })).map((run) => [run.task, run]),
  );

test('without a premium license sso-access alone fails, and says so', async () => {
  world.tenant.premium = false;
  const runs = await outcomes();
  expect(runs).toMatchObject({
    'hr-roster': { outcome: 'complete' },
    'application-discovery': { outcome: 'complete' },
    'sso-roster': { outcome: 'complete' },
    'sso-access': { outcome: 'failed', errorCode: 'graph_license_missing' },
  });
  expect(runs['sso-access']!.errorMessage).toMatch(/license/i);
  expect(runs['sso-access']!.errorAdvice).not.toBe('');
});

describe('whether names are concealed is noted', () => {
  const noted = async () => {
    await world.sync({ ...EVERYBODY, tasks: [ssoAccess] });
    return world.database.rows('select concealed_names from rollcall_data.tenant_facts');
  };

  test('as it changes', async () => {
    world.tenant.concealedNames = true;
    expect(await noted()).toEqual([{ concealed_names: true }]);
    world.tenant.concealedNames = false;
    expect(await noted()).toEqual([{ concealed_names: false }]);
  });

  test.each([true, false])('in the other shape of the answer, %s', async (displayConcealedNames) => {
    strike('/v1.0/admin/reportSettings', { kind: 'reply', status: 200, body: { value: { displayConcealedNames } } });
    expect(await noted()).toEqual([{ concealed_names: displayConcealedNames }]);
  });

  test('as unknown where it may not be read, which fails nothing', async () => {
    strike('/v1.0/admin/reportSettings', FORBIDDEN);
    expect(await noted()).toEqual([{ concealed_names: null }]);
    expect(await outcomes()).toMatchObject({ 'sso-access': { outcome: 'complete', errorCode: null } });
  });
});

describe('windows', () => {
  const windows = () => windowsOf(graphPaths(world.emulator));
  const lengthOf = ({ from, to }: { from: string; to: string }) => Date.parse(to) - Date.parse(from);
  const isRight = async (since: string) => {
    await world.sync({ ...EVERYBODY, tasks: [hrRoster, applicationDiscovery] });
    expect(await world.database.rows(SIGN_INS_SQL)).toEqual(
      expectedSignIns(world.tenant, EVERYBODY, signInsSince(world.tenant, since)),
    );
  };

  test('are shorter where a gateway gives up, and longer again where Graph is quick', async () => {
    strike(SIGN_INS, { kind: 'reply', status: 504, body: {} }, 4);
    const run = (await outcomes([ssoAccess]))['sso-access'];
    expect(run).toMatchObject({ outcome: 'complete', errorCode: null });
    const lengths = windows().map(lengthOf);
    expect(lengths[4]! * 2).toBe(lengths[0]!);
    expect(
      new Set(
        windows()
          .slice(0, 5)
          .map(({ from }) => from),
      ).size,
    ).toBe(1);
    expect(Math.max(...lengths)).toBeGreaterThan(lengths[4]!);
    await isRight(windows()[0]!.from);
  });

  test('begin 7 days back where Graph refuses 30', async () => {
    const refusal = { error: { code: 'BadRequest', message: 'The date is beyond the data retention of this tenant.' } };
    const started = Date.now();
    strike(SIGN_INS, { kind: 'reply', status: 400, body: refusal }, 1);
    const run = (await outcomes([ssoAccess]))['sso-access'];
    expect(run).toMatchObject({ outcome: 'complete', errorCode: null });
    const { from } = windows()[1]!;
    expect(Math.abs(Date.parse(from) - (started - 7 * DAY))).toBeLessThan(5 * 60_000);
    await isRight(from);
  });

  test('a run that dies in the middle keeps the windows that it has landed, and the next goes on behind them', async () => {
    world.emulator.faults.add({ path: SIGN_INS, nth: 4, times: 'always', action: FORBIDDEN });
    expect(await outcomes([ssoAccess])).toMatchObject({
      'sso-access': { outcome: 'failed', errorCode: 'graph_forbidden' },
    });
    const since = windows()[0]!.from;
    const reached = windows()[2]!.to;
    world.emulator.faults.clear();
    world.emulator.clearRequests();
    expect(await outcomes([ssoAccess])).toMatchObject({ 'sso-access': { outcome: 'complete' } });
    expect(Date.parse(windows()[0]!.from)).toBeGreaterThan(Date.parse(since));
    expect(Date.parse(windows()[0]!.from)).toBeLessThanOrEqual(Date.parse(reached));
    await isRight(since);
  });

  test('an empty page with a link is no end', async () => {
    world.emulator.faults.add({ path: SIGN_INS, nth: 3, action: { kind: 'empty-page' } });
    expect(await outcomes([ssoAccess])).toMatchObject({ 'sso-access': { outcome: 'complete' } });
    await isRight(windows()[0]!.from);
  });
});

describe('what sso-roster needs', () => {
  test('is run before it, where it never was', async () => {
    const runs = await world.sync({ ...EVERYBODY, tasks: [ssoRoster] });
    expect(runs.map(({ task }) => task)).toEqual(['hr-roster', 'application-discovery', 'sso-roster']);
    for (const run of runs) expect(run).toMatchObject({ outcome: 'complete', errorCode: null, note: null });
    const again = await world.sync({ ...EVERYBODY, tasks: [ssoRoster] });
    expect(again.map(({ task }) => task)).toEqual(['sso-roster']);
  });

  test('where it fails, is what it last was, and the run says so', async () => {
    await world.sync({ ...EVERYBODY });
    strike('/v1.0/servicePrincipals/delta', FORBIDDEN);
    const runs = await outcomes();
    expect(runs).toMatchObject({
      'hr-roster': { outcome: 'complete' },
      'application-discovery': { outcome: 'failed', errorCode: 'graph_forbidden' },
      'sso-roster': { outcome: 'complete', added: 0, changed: 0, removed: 0 },
      'sso-access': { outcome: 'complete' },
    });
    expect(runs['sso-roster']!.note).toContain('application-discovery');
    world.emulator.faults.clear();
    expect((await outcomes())['sso-roster']).toMatchObject({ outcome: 'complete', note: null });
  });

  test('where it never was and fails, refuses the run', async () => {
    strike('/v1.0/servicePrincipals?', FORBIDDEN);
    const runs = await outcomes();
    expect(runs).toMatchObject({
      'application-discovery': { outcome: 'failed' },
      'sso-roster': { outcome: 'failed', errorCode: 'needs_missing' },
      'sso-access': { outcome: 'complete' },
    });
    expect(runs['sso-roster']!.errorMessage).toContain('application-discovery');
  });
});
