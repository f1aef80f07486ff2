import { applicationDiscovery } from '../../src/jobs/application-discovery/index.js';
import { APPLICATIONS_SQL, expectedApplications } from '../support/access-oracle.js';
import { createWorld, graphPaths, type World } from '../support/setup/world.js';

let world: World;

const view = () => world.database.rows<{ application_name: string | null }>(APPLICATIONS_SQL);
const expected = () => expectedApplications(world.tenant);
const discover = async () => (await world.sync({ tasks: [applicationDiscovery] }))[0]!;
const idOf = (name: string) => expected().find((row) => row.application_name === name)!.app_instance_id;
const VERIFIED = { displayName: 'Somebody Ltd.', verifiedPublisherId: '9', addedDateTime: null };
const NOBODY = { displayName: null, verifiedPublisherId: null, addedDateTime: null };
const OWN = '5a3b1e00-0000-4000-8000-00000000c0de';
const PLAIN = {
  verifiedPublisher: NOBODY,
  preferredSingleSignOnMode: null,
  oauth2PermissionScopes: [],
  appRoleAssignmentRequired: false,
  appOwnerOrganizationId: null,
};
const SCOPES = [{ id: '00000000-0000-4000-8000-000000000001', value: 'read' }];

const SAYINGS: [string, Record<string, unknown>, Record<string, unknown>][] = [
  [
    'a verified publisher before Microsoft',
    { verifiedPublisher: VERIFIED, appOwnerOrganizationId: '72f988bf-86f1-41af-91ab-2d7cd011db47' },
    { publisher: 'Somebody Ltd.' },
  ],
  [
    'a verified publisher before the organization',
    { verifiedPublisher: VERIFIED, appOwnerOrganizationId: OWN },
    { publisher: 'Somebody Ltd.' },
  ],
  ['Microsoft', { appOwnerOrganizationId: 'f8cdef31-a31e-4b4a-93e4-5f571e91255a' }, { publisher: 'Microsoft' }],
  [
    "Microsoft by its corporate tenant's id, in capitals",
    { appOwnerOrganizationId: '72F988BF-86F1-41AF-91AB-2D7CD011DB47' },
    { publisher: 'Microsoft' },
  ],
  ['the organization', { appOwnerOrganizationId: OWN }, { publisher: 'Northwind Bikes' }],
  [
    'nobody, of another tenant',
    { appOwnerOrganizationId: '99999999-0000-4000-8000-000000000009' },
    { publisher: null },
  ],
  ['nobody, without an owner', { appOwnerOrganizationId: null }, { publisher: null }],
  ['oidc', { preferredSingleSignOnMode: 'oidc' }, { oauth2_integration: true, sso_mode: 'oidc' }],
  ['scopes alone', { oauth2PermissionScopes: SCOPES }, { oauth2_integration: true, sso_mode: null }],
  [
    'saml in spite of scopes',
    { preferredSingleSignOnMode: 'saml', oauth2PermissionScopes: SCOPES },
    { oauth2_integration: false, sso_mode: 'saml' },
  ],
  ['no mode and no scopes', {}, { oauth2_integration: false, sso_mode: null }],
  ['assignment required', { appRoleAssignmentRequired: true }, { open_access: false }],
  ['assignment not required', { appRoleAssignmentRequired: false }, { open_access: true }],
];

describe('what an application says of itself', () => {
  const idOfCase = (index: number) => `33333333-3333-4333-8333-${String(index).padStart(12, '0')}`;
  let rows: Record<string, unknown>[];
  let shared: World;
  beforeAll(async () => {
    shared = await createWorld();
    const { servicePrincipals, tenantId } = shared.tenant;
    expect(tenantId).toBe(OWN);
    const model = servicePrincipals.at(servicePrincipals.places(-1, 1)[0]!);
    for (const [index, [name, properties]] of SAYINGS.entries()) {
      const id = idOfCase(index);
      servicePrincipals.put({ ...model, ...PLAIN, displayName: name, ...properties, id, appId: id });
    }
    await shared.sync({ tasks: [applicationDiscovery] });
    rows = await shared.database.rows('select * from rollcall.discovered_applications');
  });
  afterAll(() => shared.close());

  test.each(SAYINGS.map(([name, , cells], index) => ({ name, cells, id: idOfCase(index) })))(
    '$name',
    ({ name, cells, id }) => {
      expect(rows.find((row) => row['app_instance_id'] === id)).toMatchObject({ application_name: name, ...cells });
    },
  );
});

describe('a run of application-discovery', () => {
  afterEach(() => world.close());

  test('every cell of the applications is right', async () => {
    world = await createWorld();
    const run = await discover();
    expect(run).toMatchObject({ outcome: 'complete', errorCode: null, quarantined: 0, skipped: 0 });
    const rows = expected();
    expect(rows.length).toBeGreaterThan(40);
    expect(rows.length).toBeLessThan(world.tenant.servicePrincipals.size);
    expect(new Set(rows.map(({ publisher }) => publisher))).toContain('Northwind Bikes');
    expect(await view()).toEqual(rows);
  });

  test('identities of machines and of services are no applications; everything else is', async () => {
    world = await createWorld();
    await discover();
    const names = (await view()).map((row) => row.application_name);
    for (const name of ['vm-warehouse-01', 'func-orders', 'order-desk-agent', 'agent-blueprint']) {
      expect(names).not.toContain(name);
    }
    expect(names).toEqual(expect.arrayContaining(['odd: legacy', 'odd: social', 'odd: no type', null]));
  });

  test('a second identical read writes no row version', async () => {
    world = await createWorld();
    const first = await discover();
    const versions = () =>
      world.database.rows(`
      select xmin::text, xmax::text, ctid::text from rollcall_data.service_principals
      union all select xmin::text, xmax::text, ctid::text from rollcall_data.organizations order by 1, 3`);
    const before = await versions();
    const second = await discover();
    expect(second).toMatchObject({ outcome: 'complete', added: 0, changed: 0, removed: 0, unchanged: first.added });
    expect(await versions()).toEqual(before);
    expect(await world.database.rows('select from rollcall.changes')).toEqual([]);
  });

  test('applications appear, vanish, are renamed and return, and the changes tell it once', async () => {
    world = await createWorld();
    await discover();
    const { servicePrincipals } = world.tenant;
    const [gone, renamed] = [idOf('Fieldnotes'), idOf('Timesheets')];
    const appeared = '11111111-1111-4111-8111-111111111111';
    servicePrincipals.put({
      ...servicePrincipals.get(renamed)!,
      id: appeared,
      appId: appeared,
      displayName: 'Brand new',
    });
    servicePrincipals.softDelete(gone);
    servicePrincipals.update(renamed, { displayName: 'Hours', appDisplayName: 'Hours' });
    expect(await discover()).toMatchObject({ outcome: 'complete', added: 1, changed: 1, removed: 1 });
    expect(await view()).toEqual(expected());
    servicePrincipals.restore(gone);
    expect(await discover()).toMatchObject({ outcome: 'complete', added: 1, changed: 0, removed: 0 });
    expect(await view()).toEqual(expected());
    const told = await world.database.rows(`
    select kind, reason, row_key->>'app_instance_id' as id, before->>'application_name' as before,
           after->>'application_name' as after
    from rollcall.changes order by changed_at, kind`);
    expect(told).toEqual([
      { kind: 'added', reason: null, id: appeared, before: null, after: 'Brand new' },
      { kind: 'changed', reason: null, id: renamed, before: 'Timesheets', after: 'Hours' },
      { kind: 'removed', reason: 'gone', id: gone, before: 'Fieldnotes', after: null },
      { kind: 'added', reason: 'returned', id: gone, before: null, after: 'Fieldnotes' },
    ]);
  });

  test('one that becomes the identity of a machine is an application no more', async () => {
    world = await createWorld();
    await discover();
    world.tenant.servicePrincipals.update(idOf('Fieldnotes'), { servicePrincipalType: 'ManagedIdentity' });
    await discover();
    expect(await view()).toEqual(expected());
  });

  test('an organization that changes its name publishes under the new one', async () => {
    world = await createWorld();
    await discover();
    world.tenant.organization = { ...world.tenant.organization, displayName: 'Northwind Cycles' };
    expect(await discover()).toMatchObject({ outcome: 'complete', added: 0, changed: 1, removed: 0 });
    expect(await view()).toEqual(expected());
    expect(await view()).toContainEqual(expect.objectContaining({ publisher: 'Northwind Cycles' }));
  });

  test('all pages of a large tenant are read, with what v1.0 knows and nothing else', async () => {
    world = await createWorld();
    const { servicePrincipals } = world.tenant;
    const model = servicePrincipals.get(idOf('Cloudboard'))!;
    const ids = Array.from({ length: 1100 }, (_, n) => `22222222-2222-4222-8222-${String(n).padStart(12, '0')}`);
    for (const id of ids) servicePrincipals.put({ ...model, id, appId: id });
    world.emulator.faults.add({ path: '/v1.0/servicePrincipals', nth: 2, action: { kind: 'empty-page' } });
    await discover();
    expect(await view()).toEqual(expected());
    const asked = graphPaths(world.emulator).map((path) => decodeURIComponent(path));
    expect(asked.filter((path) => path.startsWith('/v1.0/servicePrincipals?'))).toHaveLength(3);
    expect(asked.every((path) => !path.includes('publisherName'))).toBe(true);
  });

  test('a removal beyond the guard is held', async () => {
    world = await createWorld();
    await discover();
    const before = await view();
    for (const { app_instance_id: id } of expected().slice(0, 12)) world.tenant.servicePrincipals.softDelete(id);
    expect(await discover()).toMatchObject({ outcome: 'held', removed: 12 });
    expect(await view()).toEqual(before);
  });
});
