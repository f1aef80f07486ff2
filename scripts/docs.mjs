// Writes what follows from the code: the tables of the README (settings, tasks, commands), those of the setup guide
// (permissions), and the schemas of the file of tenants and of what commands print. With --check it changes nothing and fails where they have drifted.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { z } from 'zod';
import { outputSchema } from '../dist/cli/output-schema.js';
import { createProgram } from '../dist/cli/program.js';
import { PERMISSIONS } from '../dist/jobs/permissions.js';
import { tasks } from '../dist/jobs/registry.js';
import { environmentSchema } from '../dist/settings/environment.js';
import { tenantFields, tenantFlags, tenantsFileSchema } from '../dist/settings/tenant.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const GRAPH = '00000003-0000-0000-c000-000000000000';

const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');

const UNSET = new Map([
  ['null', 'unset'],
  ['', 'none'],
  ['false', 'no'],
]);

const readme = {
  settings: table(
    ['variable', 'meaning', 'where unset'],
    Object.entries(environmentSchema.shape).map(([name, schema]) => {
      const { description, unset } = schema.meta() ?? {};
      if (!description || !unset) throw new Error(`${name} has no documentation in src/settings/environment.ts`);
      return [`\`${name}\``, description, unset === 'required' || /^[a-z]+[; ]/.test(unset) ? unset : `\`${unset}\``];
    }),
  ),
  tenants: table(
    ['field', 'option', 'meaning', 'unless given'],
    Object.entries(tenantFields.shape).map(([field, schema]) => {
      const { description } = schema.meta() ?? {};
      if (!description) throw new Error(`${field} has no description in src/settings/tenant.ts`);
      const { takes } = tenantFlags.get(schema) ?? {};
      const option = takes === undefined ? '' : `\`--${field.replaceAll('_', '-')} <${takes}>\``;
      const { success, data } = schema.safeParse(undefined);
      return [`\`${field}\``, option, description, success ? (UNSET.get(String(data)) ?? `\`${data}\``) : 'required'];
    }),
  ),
  tasks: table(
    ['task', 'tells', 'permission of Graph', 'runs', 'read it in'],
    tasks.map((task) => [
      `\`${task.name}\``,
      task.summary,
      task.permissions.join(', '),
      task.schedules.join(', '),
      `\`${task.view}\``,
    ]),
  ),
  commands: table(['command', 'does'], commands()),
};

function commands() {
  const context = {
    environment: {},
    out: process.stdout,
    err: process.stderr,
    signal: new AbortController().signal,
    setExitCode() {},
  };
  return createProgram(context).commands.flatMap((command) =>
    command.commands.length === 0
      ? [row(command, command.name())]
      : command.commands.map((below) => row(below, `${command.name()} ${below.name()}`)),
  );
}

function row(command, name) {
  return [`\`rollcall ${name} ${command.usage()}\``, command.description()];
}

const rare = Object.entries(PERMISSIONS).filter(([, { isRarelyNeeded }]) => isRarelyNeeded);
const usual = Object.entries(PERMISSIONS).filter(([, { isRarelyNeeded }]) => !isRarelyNeeded);

const setup = {
  permissions: table(
    ['permission', 'lets Rollcall read', 'without it'],
    Object.entries(PERMISSIONS).map(([name, { reads, without }]) => [`\`${name}\``, reads, without ?? missing(name)]),
  ),
  'tasks-permissions': table(
    ['task', 'needs', 'and builds on'],
    tasks.map((task) => [
      `\`${task.name}\``,
      task.permissions.map((name) => `\`${name}\``).join(', '),
      task.dependsOn.length === 0 ? 'nothing else' : `the rows of ${listed(task.dependsOn)}`,
    ]),
  ),
  'permission-ids': [
    '```sh',
    `az ad app permission add --id "$APP_ID" --api ${GRAPH} --api-permissions \\`,
    usual.map(([, { id }]) => `  ${id}=Role`).join(' \\\n'),
    '```',
    '',
    `In this order: ${usual.map(([name]) => name).join(', ')}.`,
    ...rare.map(([name, { id }]) => `Only if it is needed: ${name} (${id}).`),
  ].join('\n'),
};

/** What fails without a permission, and what goes on with the rows of what fails. */
function missing(permission) {
  const failing = tasks.filter((task) => task.permissions.includes(permission)).map(({ name }) => name);
  if (failing.length === 0)
    throw new Error(`no task needs ${permission}: say in src/jobs/permissions.ts what it is for`);
  const behind = tasks.filter(
    ({ name, dependsOn }) => !failing.includes(name) && dependsOn.some((need) => failing.includes(need)),
  );
  const fails = `${listed(failing)} ${failing.length === 1 ? 'fails' : 'fail'}`;
  if (behind.length === 0) return fails;
  return `${fails}; ${listed(behind.map(({ name }) => name))} goes on with the rows of the last good run, if there was one`;
}

function listed(names) {
  const quoted = names.map((name) => `\`${name}\``);
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1)}`;
}

for (const task of tasks) {
  for (const name of task.permissions) {
    if (PERMISSIONS[name] === undefined) throw new Error(`${name} of ${task.name} is not in src/jobs/permissions.ts`);
  }
}

for (const [name, sections] of Object.entries({ 'README.md': readme, 'docs/setup.md': setup })) {
  const filled = Object.entries(sections).reduce(
    (text, [section, content]) => {
      const found = new RegExp(`(<!-- ${section} -->)[^]*?(<!-- /${section} -->)`);
      if (!found.test(text)) throw new Error(`${name} has no section <!-- ${section} -->`);
      return text.replace(found, (_, open, close) => `${open}\n\n${content}\n\n${close}`);
    },
    readFileSync(root + name, 'utf8'),
  );
  await writeOrCheck(name, filled);
}

// As somebody writes it, not as it is understood: what has a default may be missing.
const schema = z.toJSONSchema(tenantsFileSchema, { io: 'input', unrepresentable: 'any' });
await writeOrCheck('schemas/tenants.schema.json', JSON.stringify({ title: 'The tenants of Rollcall', ...schema }));

await writeOrCheck('schemas/output.schema.json', JSON.stringify(outputSchema()));

async function writeOrCheck(name, text) {
  const file = `${root}${name}`;
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const after = await format(text, { ...(await resolveConfig(file)), filepath: file });
  if (after === before) return;
  if (process.argv.includes('--check')) {
    process.stderr.write(`${name} does not say what the code does. Run \`npm run docs\` and commit it.\n`);
    process.exitCode = 1;
  } else writeFileSync(file, after);
}
