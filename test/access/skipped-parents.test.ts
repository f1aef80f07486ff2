import type { FaultAction } from '../../src/emulator/index.js';
import { releaseRun } from '../../src/jobs/run/held-removals.js';
import { dryRun } from '../../src/jobs/run/dry-run.js';
import { ssoRoster } from '../../src/jobs/sso-roster/index.js';
import { findRun, type Run } from '../../src/store/index.js';
import { appOf, groupOf } from '../support/setup/access-tenant.js';
import { ACCESS_SQL, expectedAccess } from '../support/access-oracle.js';
import { silent } from '../support/servers/database.js';
import { createWorld, SETTINGS, type World, type WorldOptions } from '../support/setup/world.js';

let world: World;
const EVERYBODY = { includeGuests: true, includeAgents: false, domainNames: [] };
const begin = async (options: WorldOptions = {}) => {
  world = await createWorld(options);
  await world.sync(EVERYBODY);
};
afterEach(() => world.close());

const sync = async (settings = SETTINGS): Promise<Run> => {
  const runs = await world.sync({ ...EVERYBODY, tasks: [ssoRoster], settings });
  return runs.find(({ task }) => task === 'sso-roster')!;
};
const view = () => world.database.rows(ACCESS_SQL);
const expected = () => expectedAccess(world.tenant, EVERYBODY);
const refused = (status: number, code = 'Request_ResourceNotFound'): FaultAction => ({
  kind: 'reply',
  status,
  body: { error: { code, message: 'No.' } },
});
const strike = (path: string | RegExp, action: FaultAction) =>
  world.emulator.faults.add({ path, times: 'always', action });
const ofApp = (name: string) => `/v1.0/servicePrincipals/${appOf(world.tenant, name).id}/appRoleAssignedTo`;
const ofGroup = (name: string) => `/v1.0/groups/${groupOf(world.tenant, name).id}/members`;
const known = () =>
  world.database.rows<{ id: string; reason: string; runs: number; gone: boolean }>(`
    select parent_id as id, reason, runs, gone_at is not null as gone from rollcall_data.skipped_parents order by 1`);

describe.each([404, 410, 403])('of a parent that Graph refuses with %d', (status) => {
  const reason = status === 403 ? 'forbidden' : 'not_found';

  test.each(['application', 'group'] as const)(
    'the rows stay if it is an %s, it is named, and the rest is read',
    async (kind) => {
      await begin();
      const { tenant } = world;
      const [app, group] = [appOf(tenant, 'Acme CRM'), groupOf(tenant, 'Sales')];
      const before = await view();
      const refusedId = kind === 'application' ? app.id : group.id;
      if (kind === 'application')
        tenant.appRoleAssignments.remove(app.id, ({ principalType }) => principalType === 'User');
      else tenant.members.remove(group.id, () => true);
      const other = appOf(tenant, 'Everest Travel').id;
      const [gone] = tenant.appRoleAssignments.of(other);
      tenant.appRoleAssignments.remove(other, ({ id }) => id === gone!.id);
      strike(kind === 'application' ? ofApp('Acme CRM') : ofGroup('Sales'), refused(status));
      const run = await sync();
      expect(run).toMatchObject({ outcome: 'partial', errorCode: null, skipped: 1, added: 0, changed: 0, removed: 1 });
      expect(run.skippedParents).toEqual([
        {
          kind,
          id: refusedId,
          name: kind === 'application' ? 'Acme CRM' : status === 403 ? 'Sales' : null,
          reason,
          since: expect.stringMatching(/^\d{4}-.*Z$/),
          runs: 1,
        },
      ]);
      const isGone = (row: Record<string, unknown>) =>
        row['app_instance_id'] === other && row['user_id'] === gone!['principalId'];
      expect(await view()).toEqual(before.filter((row) => !isGone(row)));

      const again = await sync();
      expect(again).toMatchObject({ outcome: 'partial', skipped: 1 });
      expect(again.skippedParents).toMatchObject([{ runs: 2, since: run.skippedParents[0]!.since }]);

      world.emulator.faults.clear();
      expect(await sync({ ...SETTINGS, removalGuardPercent: 100 })).toMatchObject({ outcome: 'complete', skipped: 0 });
      expect(await view()).toEqual(expected());
      expect(await known()).toEqual([]);
    },
  );
});

test.each([
  ['with the words of a lost cursor', refused(410, 'resyncRequired')],
  ['without words', { kind: 'reply', status: 410, body: '' }],
] as const)('a 410 %s is no lost cursor where there is none', async (_, action) => {
  await begin();
  strike(ofGroup('Sales'), action);
  expect(await sync()).toMatchObject({
    outcome: 'partial',
    errorCode: null,
    skippedParents: [{ reason: 'not_found' }],
  });
});

test('parents are skipped one by one too, of a Graph without $batch', async () => {
  await begin();
  strike('/v1.0/$batch', { kind: 'reply', status: 404, body: {} });
  strike(ofApp('Acme CRM'), refused(410));
  strike(ofGroup('Sales'), refused(403, 'Authorization_RequestDenied'));
  const run = await sync();
  expect(run).toMatchObject({ outcome: 'partial', skipped: 2, removed: 0 });
  expect(run.skippedParents.map(({ kind, reason }) => `${kind} ${reason}`)).toEqual([
    'application not_found',
    'group forbidden',
  ]);
});

test('a reason that changes begins to count again', async () => {
  await begin();
  strike(ofGroup('Sales'), refused(404));
  await sync();
  await sync();
  world.emulator.faults.clear();
  strike(ofGroup('Sales'), refused(403));
  expect((await sync()).skippedParents).toMatchObject([{ reason: 'forbidden', runs: 1 }]);
});

test('a run that fails does not count, nor does a dry run, which shows what it would skip', async () => {
  await begin();
  strike(ofGroup('Sales'), refused(404));
  await sync();
  const { database, accessLog, graph, tenant } = world;
  const context = { database, accessLog, graph, filters: EVERYBODY, settings: SETTINGS };
  const signal = new AbortController().signal;
  const shown = await dryRun(ssoRoster, tenant.tenantId, { ...context, log: silent, signal });
  expect(shown).toMatchObject({ outcome: 'partial', counts: { skipped: 1, skippedParents: [{ runs: 2 }] } });
  world.emulator.faults.add({ path: ofApp('Acme CRM'), action: refused(400) });
  expect(await sync()).toMatchObject({ outcome: 'failed' });
  expect(await known()).toMatchObject([{ runs: 1 }]);
});

describe('a run that can read no application at all', () => {
  const everyApp = /\/appRoleAssignedTo/;

  test.each([404, 410])('fails on its first load, if Graph answers %d', async (status) => {
    world = await createWorld();
    strike(everyApp, refused(status));
    const runs = await world.sync(EVERYBODY);
    expect(runs.find(({ task }) => task === 'sso-roster')).toMatchObject({
      outcome: 'failed',
      errorCode: 'graph_not_found',
      errorMessage: expect.stringMatching(/none of the \d+ applications could be read/),
    });
  });

  test('fails later too, sweeps nothing, and reads everything when it is replayed', async () => {
    await begin();
    const before = await view();
    strike(everyApp, refused(404));
    expect(await sync()).toMatchObject({ outcome: 'failed', removed: 0 });
    expect(await view()).toEqual(before);
    expect(await known()).toEqual([]);
    world.emulator.faults.clear();
    expect(await sync()).toMatchObject({ outcome: 'complete', skipped: 0 });
  });

  test('fails if everything is forbidden, and does not name a permission that the token has as missing', async () => {
    await begin();
    strike(everyApp, refused(403));
    const run = await sync();
    expect(run).toMatchObject({ outcome: 'failed', errorCode: 'graph_forbidden' });
    expect(run.errorMessage).toMatch(/although the token has Application\.Read\.All/);
  });
});

test('if the token says that it lacks the permission, a run fails at the first refusal', async () => {
  await begin();
  const [application] = world.tenant.applications.values();
  const { roles } = application!;
  application!.roles = roles.filter((role) => role !== 'GroupMember.Read.All');
  world.emulator.clearRequests();
  const run = await world.sync({ ...EVERYBODY, tasks: [ssoRoster], graph: world.newGraph() });
  application!.roles = roles;
  expect(run).toMatchObject([{ outcome: 'failed', errorCode: 'graph_forbidden' }]);
});

test('a tenant whose groups are all refused is read all the same', async () => {
  await begin();
  strike(/\/groups\/[^/]+\/members/, refused(403));
  const run = await sync();
  expect(run).toMatchObject({ outcome: 'partial', errorCode: null, removed: 0 });
  expect(run.skipped).toBeGreaterThan(5);
});

test('a held run names what it skipped, and is partial once it is released', async () => {
  await begin();
  const { tenant, database } = world;
  for (const name of ['Everyone in Utrecht', 'Warehouse', 'Guests of Design'])
    tenant.members.remove(groupOf(tenant, name).id, () => true);
  strike(ofGroup('Sales'), refused(404));
  const run = await sync();
  expect(run).toMatchObject({ outcome: 'held', skipped: 1, skippedParents: [{ runs: 1 }] });
  await releaseRun(database, run);
  expect(await findRun(database, run.id)).toMatchObject({ outcome: 'partial', skipped: 1 });
});

test('so many are named, and the others are counted', async () => {
  await begin();
  const { tenant } = world;
  const model = appOf(tenant, 'Acme CRM');
  for (let index = 0; index < 130; index += 1) {
    const id = `90000${String(index).padStart(3, '0')}-0000-4000-8000-000000000000`;
    tenant.servicePrincipals.put({ ...model, id, appId: id, displayName: `Refused ${index}` });
  }
  await world.sync(EVERYBODY);
  strike(/\/servicePrincipals\/90000[^/]*\/appRoleAssignedTo/, refused(404));
  const run = await sync();
  expect(run).toMatchObject({ outcome: 'partial', skipped: 130 });
  expect(run.skippedParents).toHaveLength(100);
  expect(await known()).toHaveLength(130);
});
