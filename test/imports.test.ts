import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tasks } from '../src/jobs/registry.js';

const TASKS = tasks.map(({ name }) => `jobs/${name}`);

/** What is imported together, by one name. */
const GROUPS: Readonly<Record<string, string>> = {
  BASE: 'budget-store errors log visible write-whole',
  LOWER: 'graph/index store/index settings BASE',
  TASKS: TASKS.join(' '),
  JOBS: 'jobs/worker jobs/queue jobs/run jobs/registry TASKS jobs/permissions jobs/task LOWER',
  TABLES: 'store/connection store/database store/schema store/sql settings BASE',
};

/**
 * What each part of the source may import, types included, beside what is in itself. A part is a file or a folder, without
 * the parts in it that have a line of their own. Parts import only what is further down.
 */
const PARTS = `
  main: cli/program cli settings errors
  cli/program: cli/commands cli errors
  cli/commands: cli app doctor tenants emulator store/schema JOBS
  cli: app doctor tenants store/actions store/schema JOBS
  app: embedded-postgres tenants JOBS
  doctor: embedded-postgres tenants JOBS
  tenants: jobs/worker jobs/queue jobs/registry LOWER

  jobs/worker: jobs/queue jobs/run jobs/registry jobs/task LOWER
  jobs/queue: jobs/task redis-refusals LOWER
  jobs/run: jobs/registry jobs/reading jobs/permissions jobs/task jobs/doubts LOWER
  jobs/registry: TASKS jobs/task BASE
  ${TASKS.map((task) => `${task}: jobs/define-task jobs/reading jobs/task LOWER`).join('\n')}
  jobs/define-task: jobs/reading jobs/task LOWER
  jobs/reading: jobs/task LOWER
  jobs/permissions: graph/index
  jobs/task: jobs/doubts LOWER
  jobs/doubts:

  graph/index: graph/client graph graph/middleware graph/budget graph/login graph/refusals graph/http
  graph/client: graph/stack graph graph/middleware graph/budget graph/login graph/json-batch graph/http graph/compose settings BASE
  graph/stack: graph/middleware graph/budget graph/login graph/http graph/compose BASE
  graph: graph/login graph/refusals graph/http graph/compose BASE
  graph/middleware: graph/budget graph/login graph/json-batch graph/http graph/compose BASE
  graph/budget: graph/http graph/compose BASE
  graph/login: graph/http settings BASE
  graph/refusals:
  graph/json-batch: graph/compose
  graph/http: settings BASE
  graph/compose:

  store/index: store/migrate store/row-security store/parts store/tenants store/access store/access-log store/actions store/budget store/landing store/runs store store/locks TABLES
  store/migrate: store/row-security store/parts store store/locks TABLES
  store/row-security: store/tenants store/parts store/locks TABLES
  store/tenants: store/access store/landing store/parts store/locks TABLES
  store/parts: store store/locks TABLES
  store/access: store/landing store/locks TABLES
  store/access-log: TABLES
  store/actions: TABLES
  store/budget: store TABLES
  store/landing: store/runs TABLES
  store/runs: store/locks TABLES
  store: TABLES
  store/sql: store/locks store/database BASE
  store/locks: store/database BASE
  store/database: store/connection BASE
  store/connection: settings BASE
  store/schema: settings

  settings: BASE
  embedded-postgres: errors log write-whole
  emulator:
  budget-store:
  log: visible
  errors: redis-refusals
  visible:
  write-whole:
  redis-refusals:
`;

const expand = (words: string): string[] =>
  words.split(/\s+/).flatMap((word) => (word in GROUPS ? expand(GROUPS[word]!) : word === '' ? [] : [word]));

const mayImport = new Map(
  [...PARTS.matchAll(/^ *([\w/-]+):(.*)$/gm)].map(([, part, allowed]) => [part!, expand(allowed!)] as const),
);

/** The part that a file belongs to: the one with the longest name that leads to it. */
function partOf(file: string): string {
  const path = file.replace(/\.ts$/, '');
  const parts = [...mayImport.keys()].filter((part) => path === part || path.startsWith(`${part}/`));
  return parts.sort((a, b) => b.length - a.length)[0] ?? `a part that is not listed (${file})`;
}

const src = fileURLToPath(new URL('../src/', import.meta.url));
const imports = new Map(
  (readdirSync(src, { recursive: true }) as string[])
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => [file, importsOf(file)]),
);

function importsOf(file: string): string[] {
  const found = readFileSync(src + file, 'utf8').matchAll(/\b(?:from |import |import\()'(\.[^']+)\.js'/g);
  return [...found].map(([, specifier]) => posix.join(posix.dirname(file), `${specifier}.ts`));
}

test('the imports of the source are found, and lead to files', () => {
  const found = [...imports.values()].flat();
  expect(found.length).toBeGreaterThan(1000);
  expect(found.filter((file) => !existsSync(src + file))).toEqual([]);
});

test('no part imports what it may not', () => {
  const wrong = [...imports].flatMap(([file, imported]) =>
    imported
      .filter(
        (other) => partOf(other) !== partOf(file) && mayImport.get(partOf(file))?.includes(partOf(other)) !== true,
      )
      .map((other) => `${file} imports ${other}: ${partOf(file)} may not import ${partOf(other)}`),
  );
  expect(wrong).toEqual([]);
});

test('a part may import only what is further down, and each part is there', () => {
  const order = [...mayImport.keys()];
  const upwards = [...mayImport].flatMap(([part, allowed]) =>
    allowed.filter((other) => order.indexOf(other) <= order.indexOf(part)).map((other) => `${part}: ${other}`),
  );
  expect(upwards).toEqual([]);
  const there = new Set([...imports.keys()].map(partOf));
  expect(order.filter((part) => !there.has(part))).toEqual([]);
});

test('no file imports itself by way of others, not even for a type', () => {
  const inCircles = [...imports].filter(([file, imported]) => {
    const reached = new Set(imported);
    // A set may grow while it is walked.
    for (const other of reached) for (const next of imports.get(other) ?? []) reached.add(next);
    return reached.has(file);
  });
  expect(inCircles.map(([file]) => file)).toEqual([]);
});
