import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const guide = readFileSync(`${root}docs/architecture.md`, 'utf8');
const section = (title: string) => guide.split(/^## /m).find((each) => each.startsWith(title)) ?? '';
const typescript = (folder: string) =>
  (readdirSync(root + folder, { recursive: true }) as string[])
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name}`);
const source = typescript('src');

test('every path that the guide names exists', () => {
  const paths = [...guide.matchAll(/`((?:src|test|schemas|migrations|bench|docs)(?:\/[\w.-]+)*)`/g)].map(
    ([, path]) => path!,
  );
  expect(paths.length).toBeGreaterThan(30);
  expect(paths.filter((path) => !existsSync(root + path))).toEqual([]);
});

test('every command that the guide says to run is a script of the project', () => {
  const { scripts } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { scripts: Record<string, string> };
  const named = [...guide.matchAll(/`npm (?:run )?([\w:]+)`/g)].map(([, name]) => name!);
  expect(named).toContain('db:generate');
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});

test('every folder of the source has a line in the guide, or is in one that has', () => {
  const lines = [...section('What lies where').matchAll(/^\| `(src[\w/-]*)`/gm)].map(([, folder]) => folder!);
  const folders = [...new Set(source.map((file) => file.slice(0, file.lastIndexOf('/'))))].filter(
    (each) => each !== 'src',
  );
  const isTold = (folder: string) => lines.some((line) => folder === line || folder.startsWith(`${line}/`));
  expect(folders.filter((folder) => !isTold(folder))).toEqual([]);
});

test('the invariants are numbered from 1, and each one that a comment cites exists', () => {
  const numbers = [...section('What always holds').matchAll(/^(\d+)\. \*\*/gm)].map(([, number]) => Number(number));
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  const cited = [...source, ...typescript('test')].flatMap((file) =>
    [...readFileSync(root + file, 'utf8').matchAll(/\binvariants? (\d+)/gi)].map(([, number]) => ({
      file,
      number: Number(number),
    })),
  );
  expect(cited.length).toBeGreaterThan(0);
  expect(cited.filter(({ number }) => !numbers.includes(number))).toEqual([]);
});

test('the steps to a task are those that a forgotten one is told by', () => {
  const steps = section('Add a task');
  for (const step of ['src/jobs/registry.ts', 'permissions', 'src/store/schema', 'COMMENT ON', 'guard_views', 'view'])
    expect(steps).toContain(step);
});
