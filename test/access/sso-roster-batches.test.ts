import type { FaultAction } from '../../src/emulator/index.js';
import { ssoRoster } from '../../src/jobs/sso-roster/index.js';
import type { Run } from '../../src/store/index.js';
import { appOf, groupOf } from '../support/setup/access-tenant.js';
import { ACCESS_SQL, expectedAccess } from '../support/access-oracle.js';
import { createWorld, graphPaths, type World } from '../support/setup/world.js';

let world: World;
let needed: Run[];
beforeAll(async () => {
  world = await createWorld();
  needed = await world.sync({ includeGuests: true });
});
beforeEach(() => world.emulator.clearRequests());
afterEach(() => world.emulator.faults.clear());
afterAll(() => world.close());

const BATCH = '/v1.0/$batch';
const sp = (name: string) => `/v1.0/servicePrincipals/${appOf(world.tenant, name).id}/appRoleAssignedTo`;
const ofGroup = (name: string) => `/v1.0/groups/${groupOf(world.tenant, name).id}/members`;
const asked = (path: string) => graphPaths(world.emulator).filter((each) => each.startsWith(path)).length;
const inner = () => world.emulator.requests.filter(({ innerOf }) => innerOf !== undefined);

async function sync(): Promise<Run> {
  const runs = await world.sync({ includeGuests: true, tasks: [ssoRoster] });
  return runs.find(({ task }) => task === 'sso-roster')!;
}

/** The view is what it must be, and nothing changed on the way to it. */
async function expectRight(run: Run, parents = needed.at(-1)!.pages) {
  expect(run).toMatchObject({ outcome: 'complete', errorCode: null, added: 0, changed: 0, removed: 0, skipped: 0 });
  expect(run.pages).toBeGreaterThanOrEqual(parents);
  const expected = expectedAccess(world.tenant, { includeGuests: true, domainNames: [] });
  expect(await world.database.rows(ACCESS_SQL)).toEqual(expected);
}

type Responses = { responses: Record<string, unknown>[] };
const edit = (change: (responses: Responses['responses']) => unknown): FaultAction => ({
  kind: 'edit',
  edit: (body) => ({ responses: change((body as Responses).responses) }),
});

test('applications and groups are asked for in batches of twenty, each once', async () => {
  const run = await sync();
  await expectRight(run);
  expect(run.retries).toBe(0);
  expect(run.requests).toBe(graphPaths(world.emulator).length - inner().length);
  expect(asked(BATCH)).toBeLessThan(10);
  expect(new Set(inner().map(({ path }) => path)).size).toBe(inner().length);
});

describe('an answer inside a batch is handled by itself:', () => {
  test.each([
    ['a failure', { kind: 'reply', status: 500, body: {} }],
    ['a gateway’s page', { kind: 'html' }],
    ['a page that is none', { kind: 'reply', status: 200, body: { value: 'none' } }],
    ['a body in base64', { kind: 'reply', status: 200, headers: { 'Content-Type': 'text/plain' }, body: 'e30=' }],
    ['a refused token', { kind: 'reply', status: 401, body: {} }],
  ] as const)('%s is asked for again, and no other', async (_, action) => {
    world.emulator.faults.add({ path: sp('Acme CRM'), action });
    const run = await sync();
    await expectRight(run);
    expect(run.retries).toBe(1);
    expect(asked(sp('Acme CRM'))).toBe(2);
    expect(asked(sp('Fieldnotes'))).toBe(1);
  });

  test('one that is throttled waits as long as it says, and so does everybody else', async () => {
    world.emulator.faults.add({ path: ofGroup('Sales'), action: { kind: 'throttle', retryAfter: '1' } });
    const run = await sync();
    await expectRight(run);
    expect(run.retries).toBe(1);
    expect(run.throttledMs).toBeGreaterThan(900);
    expect(run.throttledMs).toBeLessThan(2000);
    expect(asked(ofGroup('Sales'))).toBe(2);
    const [first, second] = world.emulator.requests.filter(({ path }) => path.startsWith(ofGroup('Sales')));
    expect(second!.at - first!.at).toBeGreaterThanOrEqual(990);
  });

  test('one that goes on failing fails the run, and removes nothing', async () => {
    world.emulator.faults.add({ path: sp('Acme CRM'), times: 'always', action: { kind: 'reply', status: 503 } });
    expect(await sync()).toMatchObject({ outcome: 'failed', errorCode: 'graph_unreachable' });
    world.emulator.faults.clear();
    await expectRight(await sync());
  });

  test('a page that links to another brings that one, even where its token has expired', async () => {
    const again = (path: string) => ({ path, action: { kind: 'empty-page' } as const });
    world.emulator.faults.add(again(sp('Acme CRM')), again(ofGroup('Sales')), {
      path: ofGroup('Sales'),
      nth: 2,
      action: { kind: 'reply', status: 400, body: { error: { code: 'Directory_ExpiredPageToken', message: '' } } },
    });
    const run = await sync();
    await expectRight(run);
    expect([asked(sp('Acme CRM')), asked(ofGroup('Sales'))]).toEqual([2, 3]);
  });
});

describe('a batch that comes back', () => {
  test.each([
    ['in another order', (all: Responses['responses']) => [...all.slice(7), ...all.slice(0, 7)], 0],
    ['without one of its answers', (all: Responses['responses']) => all.slice(1), 1],
    ['with an answer told twice', (all: Responses['responses']) => [...all, all[0]], 1],
    ['with answers to what nobody asked', (all: Responses['responses']) => [{ ...all[0], id: 'x' }, ...all], 0],
    [
      'with answers without bodies',
      (all: Responses['responses']) => all.map((one) => ({ ...one, body: undefined })),
      20,
    ],
    ['without any answer', () => [], 20],
  ])('%s loses nothing', async (_, change, retries) => {
    world.emulator.faults.add({ path: BATCH, action: edit(change) });
    const run = await sync();
    await expectRight(run);
    expect(run.retries).toBe(retries);
  });

  test.each([
    ['unavailable', { kind: 'html' }],
    ['throttled', { kind: 'throttle', retryAfter: '0' }],
    ['broken off', { kind: 'reset', midBody: true }],
    ['cut', { kind: 'truncate' }],
    ['as something else', { kind: 'reply', status: 200, body: { value: [] } }],
    ['unauthorized', { kind: 'reply', status: 401, body: {} }],
  ] as const)('%s is sent again as a whole', async (_, action) => {
    world.emulator.faults.add({ path: BATCH, action });
    const run = await sync();
    await expectRight(run);
    expect(run.retries).toBe(1);
  });
});

test.each([
  ['does not find it', { kind: 'reply', status: 404, body: { error: { code: 'ResourceNotFound' } } }],
  ['refuses its method', { kind: 'reply', status: 405 }],
  ['has not implemented it', { kind: 'reply', status: 501, body: 'Unsupported method' }],
  ['fails at it', { kind: 'reply', status: 500, body: {} }],
  ['answers something else', { kind: 'reply', status: 200, body: {} }],
  ['ends the connection', { kind: 'reset' }],
] as const)('a Graph that does not know $batch and %s is read one request at a time', async (_, action) => {
  world.emulator.faults.add({ path: BATCH, times: 'always', action });
  await expectRight(await sync());
  const alone = world.emulator.requests.filter(({ innerOf }) => innerOf === undefined).map(({ path }) => path);
  expect(alone.filter((path) => path.startsWith(sp('Acme CRM')))).toHaveLength(1);
});
