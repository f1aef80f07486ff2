import { ssoAccess } from '../../src/jobs/sso-access/index.js';
import { createWorld, graphPaths, type World } from '../support/setup/world.js';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

const sync: World['sync'] = (options) => world.sync({ tasks: [ssoAccess], ...options });

/** The windows that were asked for: where they begin and end. */
function windows(): { from: number; to: number }[] {
  return graphPaths(world.emulator)
    .map((path) =>
      /createdDateTime ge (\S+) and createdDateTime le ([^&\s]+)/.exec(decodeURIComponent(path.replaceAll('+', ' '))),
    )
    .filter((match) => match !== null)
    .map(([, from, to]) => ({ from: Date.parse(from!), to: Date.parse(to!) }));
}
const HOUR = 3_600_000;

test('windows follow each other without a gap, from thirty days back up to now, and grow where Graph is quick', async () => {
  const [run] = await sync();
  expect(run).toMatchObject({ outcome: 'complete' });
  const asked = windows();
  expect(Date.now() - asked[0]!.from).toBeGreaterThan(29.9 * 24 * HOUR);
  expect(Date.now() - asked.at(-1)!.to).toBeLessThan(HOUR);
  for (const [index, window] of asked.slice(1).entries()) expect(window.from).toBe(asked[index]!.to);
  expect(asked[1]!.to - asked[1]!.from).toBeGreaterThan(asked[0]!.to - asked[0]!.from);
});

test('the next run begins six hours before where the last one ended', async () => {
  await sync();
  const end = windows().at(-1)!.to;
  world.emulator.clearRequests();
  await sync();
  expect(windows()[0]!.from).toBe(end - 6 * HOUR);
});

test('a window that Graph cannot answer for is halved', async () => {
  // As often as the client tries.
  world.emulator.faults.add({
    path: '/v1.0/auditLogs/signIns',
    times: 4,
    action: { kind: 'reply', status: 504, body: {} },
  });
  const [run] = await sync();
  expect(run).toMatchObject({ outcome: 'complete' });
  const [first, ...others] = windows();
  const halved = others.find(({ to }) => to !== first!.to)!;
  expect(halved).toEqual({ from: first!.from, to: first!.from + 12 * HOUR });
});

test('a run that dies between windows goes on with the next one, and counts nothing twice', async () => {
  world.emulator.faults.add({
    path: '/v1.0/auditLogs/signIns',
    nth: 4,
    times: 'always',
    action: { kind: 'throttle', retryAfter: '3600' },
  });
  const stop = new AbortController();
  await sync({ signal: stop.signal, onProgress: ([progress]) => progress!.run.waitingUntil !== null && stop.abort() });
  const landed = await world.database.rows('select from rollcall_data.sign_in_events');
  expect(landed.length).toBeGreaterThan(0);
  world.emulator.faults.clear();
  await world.database.pool.query('update rollcall_data.runs set waiting_until = null');
  const [run] = await sync({ graph: world.newGraph() });
  expect(run).toMatchObject({ outcome: 'complete', attempt: 2 });
  const [sums] = await world.database.rows<{ events: string; counted: string }>(`
    select (select count(*) from rollcall_data.sign_in_events where error_code is not null) as events,
           (select sum(login_count + interrupted_count + failed_count) from rollcall_data.sign_in_totals) as counted`);
  expect(sums!.counted).toBe(sums!.events);
});
