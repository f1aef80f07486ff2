import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { taskNamed, tasks } from '../src/jobs/registry.js';
import type { Task } from '../src/jobs/task.js';
import { createTestDatabase, embedded, type TestDatabase } from './support/servers/database.js';
import { forgottenSteps } from './support/task-steps.js';

const src = fileURLToPath(new URL('../src/', import.meta.url));
const files = (readdirSync(src, { recursive: true }) as string[]).filter((name) => name.endsWith('.ts'));
/** The other folders hold what tasks share. */
const taskFolders = readdirSync(`${src}jobs`, { withFileTypes: true }).filter(
  (entry) => entry.isDirectory() && existsSync(`${src}jobs/${entry.name}/index.ts`),
);

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(embedded());
});
afterAll(() => database.drop());

test('every folder of a task is in the registry, under its own name', () => {
  expect(taskFolders.map(({ name }) => name).sort()).toEqual(tasks.map(({ name }) => name).sort());
  for (const { name } of tasks) expect(taskNamed(name).name).toBe(name);
});

test.each(tasks.map((task) => [task.name, task] as const))('%s has all that a task needs', async (_, task) => {
  await expect(forgottenSteps(task, tasks, database)).resolves.toEqual([]);
  for (const { table } of task.collections) {
    // A staging table is named after its table and a run, and Postgres cuts names at 63 bytes.
    expect(`diff_${table.name}_`.length + 36).toBeLessThanOrEqual(63);
  }
});

test('of a fifth task, each step that was forgotten is named', async () => {
  const devices = {
    name: 'devices',
    summary: 'which devices exist',
    permissions: [],
    schedules: ['nightly'],
    dependsOn: ['payroll'],
    view: 'rollcall.devices',
    collections: [{ ...tasks[0]!.collections[0]!, table: { ...tasks[0]!.collections[0]!.table, name: 'devices' } }],
  } as const satisfies Task;
  await expect(forgottenSteps(devices, tasks, database)).resolves.toEqual([
    'a folder src/jobs/devices',
    'a line in src/jobs/registry.ts',
    'the permissions it needs',
    'a migration that makes devices',
    'a view rollcall.devices',
    'the task payroll that it needs',
  ]);
});

test('every view of the contract, and every column of it, is commented', async () => {
  const uncommented = await database.rows(`
    select c.relname as view, a.attname as column
    from pg_class c left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
    where c.relnamespace = 'rollcall'::regnamespace
      and (obj_description(c.oid, 'pg_class') is null or col_description(c.oid, a.attnum) is null)`);
  expect(uncommented).toEqual([]);
});

test('nothing but views is in the schema of the contract', async () => {
  expect(
    await database.rows("select distinct relkind from pg_class where relnamespace = 'rollcall'::regnamespace"),
  ).toEqual([{ relkind: 'v' }]);
});

test('row-level security is below every view: a migration that adds a table or a view calls guard_views()', async () => {
  const unguarded = await database.rows(`
    select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
    where not c.relispartition and (
      c.relnamespace = 'rollcall_data'::regnamespace and c.relkind in ('r', 'p') and not c.relrowsecurity
      or c.relnamespace = 'rollcall'::regnamespace and c.relowner <> 'rollcall_views'::regrole)`);
  expect(unguarded).toEqual([]);
});

test('what waits in staging is unlogged throughout: pages and checkpoints share one fate', async () => {
  const kinds = await database.rows(
    "select distinct relpersistence from pg_class where relnamespace = 'rollcall_staging'::regnamespace",
  );
  expect(kinds).toEqual([{ relpersistence: 'u' }]);
});

test('a normalize.ts imports types only', () => {
  const wrong = files
    .filter((name) => name.endsWith('normalize.ts'))
    .flatMap((name) => readFileSync(src + name, 'utf8').match(/^import (?!type ).*$/gm) ?? []);
  expect(wrong).toEqual([]);
});

test('only the entry point reads the environment', () => {
  const readers = files.filter(
    (name) => /process\.env\b/.test(readFileSync(src + name, 'utf8')) && !name.endsWith('.test.ts'),
  );
  expect(readers).toEqual(['main.ts']);
});
