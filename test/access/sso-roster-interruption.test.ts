import { generateTenant, type TenantData } from '../../src/emulator/index.js';
import { createProcessWorld, type ProcessWorld } from '../support/setup/process-world.js';
import { run, start } from '../support/rollcall.js';
import { graphPaths } from '../support/setup/world.js';

const APPLICATIONS = 400;
const GROUPS = 20;
const MEMBERS = 120;
const LARGEST_PAGE = 100;

let tenant: TenantData;
let world: ProcessWorld;
let emulator: ProcessWorld['emulator'];
let database: ProcessWorld['database'];
let environment: ProcessWorld['environment'];

beforeEach(async () => {
  const sizes = { users: 130, servicePrincipals: APPLICATIONS, groups: GROUPS };
  tenant = generateTenant({ ...sizes, membersPerGroup: MEMBERS, assignmentsPerApplication: 4 });
  world = await createProcessWorld(tenant, { latencyMs: 100, largestPage: LARGEST_PAGE });
  ({ emulator, database, environment } = world);
});
afterEach(() => world.close());

async function pagesStaged(resource: string, pages: number): Promise<void> {
  for (;;) {
    const [checkpoint] = await database.rows<{ pages: number }>(
      `select (state->'collections'->'${resource}'->>'pages')::int as pages from rollcall_staging.checkpoints
       order by pages desc nulls last`,
    );
    if ((checkpoint?.pages ?? 0) >= pages) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test('a process that is killed among applications, and another among groups, are gone on with, and nothing is lost', async () => {
  // What the task needs lands before it, and stays.
  for (const [resource, pages] of [
    ['/servicePrincipals/{id}/appRoleAssignedTo', 100],
    ['/groups/{id}/members', 5],
  ] as const) {
    const killed = start(['sync', 'sso-roster'], environment);
    await pagesStaged(resource, pages);
    killed.child.kill('SIGKILL');
    await killed.ended;
  }
  expect(await database.rows('select from rollcall.sso_roster')).toEqual([]);

  const { code, out } = await run(['sync', 'sso-roster', '--json'], environment);
  expect(code).toBe(0);
  const people = APPLICATIONS * 0.95;
  expect(JSON.parse(out)).toMatchObject({
    outcome: 'complete',
    attempt: 3,
    // Each page is counted once, although some were asked for twice.
    pages: people + 2 * GROUPS,
    items: people * 4 + GROUPS * MEMBERS,
    skipped: 0,
  });
  const children = graphPaths(emulator).filter((path) => /appRoleAssignedTo|members/.test(path));
  // What was on its way when a process died had reached nobody: four batches at most, and what they waited to be written.
  expect(children.length).toBeLessThanOrEqual(people + 2 * GROUPS + 2 * 2 * 80);
  const [stored] = await database.rows<{ assignments: number; members: number }>(`
    select (select count(*)::int from rollcall_data.app_role_assignments) as assignments,
           (select count(*)::int from rollcall_data.group_members) as members`);
  expect(stored).toEqual({ assignments: people * 4, members: GROUPS * MEMBERS });
}, 120_000);

test('what cannot be read is told once, however often the run is killed, and the rest is as if it was not', async () => {
  const [gone, forbidden] = [/\/servicePrincipals\/[^/]*[05]\/appRoleAssignedTo/, /\/groups\/[^/]*[0-7]\/members/];
  const refused = (status: number) =>
    ({ kind: 'reply', status, body: { error: { code: 'No', message: '' } } }) as const;
  emulator.faults.add(
    { path: gone, times: 'always', action: refused(404) },
    { path: forbidden, times: 'always', action: refused(403) },
  );
  for (const [resource, pages] of [
    ['/servicePrincipals/{id}/appRoleAssignedTo', 100],
    ['/groups/{id}/members', 3],
  ] as const) {
    const killed = start(['sync', 'sso-roster'], environment);
    await pagesStaged(resource, pages);
    killed.child.kill('SIGKILL');
    await killed.ended;
  }
  const { code, out } = await run(['sync', 'sso-roster', '--json'], environment);
  expect(code).toBe(1);
  const paths = graphPaths(emulator);
  const ids = (path: RegExp) => new Set(paths.filter((each) => path.test(each)).map((each) => each.split('/')[3]));
  const skipped = ids(gone).size + ids(forbidden).size;
  expect(JSON.parse(out)).toMatchObject({ outcome: 'partial', attempt: 3, skipped });
  const known = await database.rows<{ id: string; runs: number }>(
    'select parent_id as id, runs from rollcall_data.skipped_parents',
  );
  expect(new Set(known.map(({ id }) => id))).toEqual(new Set([...ids(gone), ...ids(forbidden)]));
  expect(new Set(known.map(({ runs }) => runs))).toEqual(new Set([1]));
  const [stored] = await database.rows<{ applications: number; groups: number }>(`
    select (select count(distinct app_instance_id)::int from rollcall_data.app_role_assignments) as applications,
           (select count(distinct group_id)::int from rollcall_data.group_members) as groups`);
  expect(stored).toEqual({ applications: APPLICATIONS * 0.95 - ids(gone).size, groups: GROUPS - ids(forbidden).size });
}, 120_000);
