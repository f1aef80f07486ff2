import { hrRoster } from '../src/jobs/hr-roster/index.js';
import type { Fault, FaultAction } from '../src/emulator/index.js';
import { createWorld, graphPaths, tenantOf, type World } from './support/world.js';

/** Four pages: a first, two in the middle, a last. */
const PEOPLE = 3500;
let world: World;
/** The worlds that several tests share: each test leaves its people as it found them. */
let shared: World;
beforeAll(async () => {
  shared = await createWorld({ tenant: tenantOf(PEOPLE) });
  await shared.sync({ tasks: [hrRoster] });
});
afterAll(() => shared.close());

const sync: World['sync'] = (options) => world.sync({ tasks: [hrRoster], ...options });
const roster = () =>
  world.database.rows<{ hash: string }>('select md5(r::text) as hash from rollcall_data.users r order by user_id');
const people = async () =>
  Number((await world.database.rows<{ n: string }>('select count(*) as n from rollcall.hr_roster'))[0]!.n);
const strike = (action: FaultAction, fault: Omit<Fault, 'action'> = {}) =>
  world.emulator.faults.add({ path: '/v1.0/users', ...fault, action });

describe('In a tenant that was read before', () => {
  beforeEach(() => {
    world = shared;
  });
  afterEach(() => shared.emulator.faults.clear());

  test.each<[string, FaultAction]>([
    ['500', { kind: 'reply', status: 500, body: {} }],
    ['502', { kind: 'reply', status: 502, body: '' }],
    ["503 with a gateway's page", { kind: 'html' }],
    ['504', { kind: 'reply', status: 504, body: {} }],
    ['a connection that breaks before the answer', { kind: 'reset' }],
    ['a connection that breaks in the middle of a body', { kind: 'reset', midBody: true }],
    ['half a body', { kind: 'truncate' }],
    ['a body that is JSON but no page', { kind: 'reply', status: 200, body: { hello: 'world' } }],
    ['an HTML page with status 200', { kind: 'html', status: 200 }],
    ['an empty body', { kind: 'reply', status: 200, body: '' }],
    ['429 that says at once', { kind: 'throttle', retryAfter: '0' }],
    ['429 with a fraction of a second', { kind: 'throttle', retryAfter: '0.128' }],
    ['401', { kind: 'reply', status: 401, body: { error: { code: 'InvalidAuthenticationToken', message: '' } } }],
    ['an empty page that links to itself', { kind: 'empty-page' }],
  ])('%s, once, on any page, loses nobody', async (_, action) => {
    const before = await roster();
    // The first page, and one of those behind it; never two in a row, which would be another fault.
    for (const nth of [1, 4]) strike(action, { nth });
    const [run] = await sync();
    expect(run).toMatchObject({ outcome: 'complete', added: 0, changed: 0, removed: 0, unchanged: before.length });
    expect(await roster()).toEqual(before);
    expect(world.emulator.faults.entries.every((entry) => entry.struck === 1)).toBe(true);
  });

  test.each<[string, FaultAction, string]>([
    [
      'a 403',
      {
        kind: 'reply',
        status: 403,
        body: { error: { code: 'Authorization_RequestDenied', message: 'Insufficient privileges' } },
      },
      'graph_forbidden',
    ],
    ['a token that is refused for ever', { kind: 'reply', status: 401, body: {} }, 'graph_unauthorized'],
    [
      'a 400',
      { kind: 'reply', status: 400, body: { error: { code: 'Request_BadRequest', message: '' } } },
      'graph_bad_request',
    ],
    ['a server that goes on failing', { kind: 'reply', status: 500, body: {} }, 'graph_unreachable'],
    ['bodies that are never whole', { kind: 'truncate' }, 'graph_unreadable'],
    ['a link to another host', { kind: 'foreign-link', origin: 'https://evil.example' }, 'graph_foreign_link'],
    ['a link in a circle', { kind: 'loop-link' }, 'graph_unreadable'],
  ])('%s in mid-run fails the run with its reason, and removes nobody', async (_, action, code) => {
    const before = await roster();
    strike(action, { nth: 2, times: 'always' });
    const [run] = await sync();
    expect(run).toMatchObject({ outcome: 'failed', errorCode: code });
    expect(run!.errorAdvice).not.toBe('');
    expect(await roster()).toEqual(before);
  });
});

describe('In a tenant of its own', () => {
  beforeEach(async () => {
    world = await createWorld({ tenant: tenantOf(PEOPLE) });
  });
  afterEach(() => world.close());

  test('a missing permission is named', async () => {
    for (const application of world.tenant.applications.values()) application.roles = [];
    const [run] = await sync();
    expect(run).toMatchObject({
      outcome: 'failed',
      errorCode: 'graph_forbidden',
      errorMessage: expect.stringContaining('User.Read.All'),
    });
  });

  test('an empty first page removes nobody: the run is held', async () => {
    await sync();
    const before = await roster();
    strike({ kind: 'reply', status: 200, body: { value: [] } });
    const [run] = await sync();
    expect(run).toMatchObject({ outcome: 'held', items: 0 });
    expect(await roster()).toEqual(before);
  });

  test('an empty first page removes nobody from a tenant of three either', async () => {
    await world.close();
    world = await createWorld({ tenant: tenantOf(3) });
    await sync({ includeGuests: true });
    strike({ kind: 'reply', status: 200, body: { value: [] } });
    await expect(sync({ includeGuests: true })).resolves.toMatchObject([{ outcome: 'held' }]);
    expect(await people()).toBe(3);
  });

  test('an expired page token begins the listing again', async () => {
    strike({ kind: 'expire-tokens', tokens: 'page' }, { nth: 3 });
    const [run] = await sync();
    expect(run).toMatchObject({ outcome: 'complete', items: PEOPLE, pages: 4 });
    expect(graphPaths(world.emulator).filter((path) => !path.includes('skiptoken'))).toHaveLength(2);
  });

  test('page tokens that expire for ever end the run, with its reason', async () => {
    strike({ kind: 'expire-tokens', tokens: 'page' }, { path: /skiptoken/, times: 'always' });
    const [run] = await sync();
    expect(run).toMatchObject({ outcome: 'failed', errorCode: 'graph_page_expired' });
  });

  test('an item that no schema accepts is kept aside; everybody else lands', async () => {
    await sync({ includeGuests: true });
    const before = await people();
    strike({ kind: 'patch', operations: [{ op: 'replace', path: '/value/5/displayName', value: 7 }] });
    const [run] = await sync({ includeGuests: true });
    expect(run).toMatchObject({ outcome: 'partial', quarantined: 1, removed: 0 });
    expect(await people()).toBe(before);
    expect(await world.database.rows('select reason from rollcall_data.quarantine')).toEqual([
      { reason: expect.stringContaining('displayName') },
    ]);
    await expect(sync({ includeGuests: true })).resolves.toMatchObject([{ outcome: 'complete' }]);
    expect(await world.database.rows('select from rollcall_data.quarantine')).toEqual([]);
  });

  test('while an id cannot be read, nobody is swept', async () => {
    await sync({ includeGuests: true });
    const before = await people();
    strike({ kind: 'patch', operations: [{ op: 'replace', path: '/value/5/id', value: 'no GUID' }] });
    const [run] = await sync({ includeGuests: true });
    expect(run).toMatchObject({ outcome: 'partial', quarantined: 1, removed: 0 });
    expect(await people()).toBe(before);
  });

  test('a long wait gives the job back with its checkpoint, and costs no attempt', async () => {
    strike({ kind: 'throttle', retryAfter: '3600' }, { nth: 3 });
    const stop = new AbortController();
    const waiting: (string | null)[] = [];
    const runs = await sync({
      signal: stop.signal,
      onProgress: ([progress]) => {
        waiting.push(progress!.run.waitingUntil);
        if (progress!.run.waitingUntil !== null) stop.abort();
      },
    });
    expect(runs[0]).toMatchObject({ outcome: 'running', attempt: 1 });
    expect(Date.parse(waiting.at(-1)!) - Date.now()).toBeGreaterThan(3_500_000);
    const [job] = await world.database.rows('select state, attempts_made, data from bullmq.job where queue = $1', [
      'rollcall',
    ]);
    expect(job).toMatchObject({ state: 'delayed', attempts_made: 0, data: { runId: runs[0]!.id } });
  });

  test('a failed run keeps what it has read until the next one', async () => {
    strike({ kind: 'reply', status: 403, body: {} }, { nth: 3, times: 'always' });
    await sync();
    const staged = () =>
      world.database.rows(
        "select from pg_class where relnamespace = 'rollcall_staging'::regnamespace and relname like 'users_%'",
      );
    expect(await staged()).toHaveLength(1);
    world.emulator.faults.clear();
    await sync();
    expect(await staged()).toHaveLength(0);
  });
});
