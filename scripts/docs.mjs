// Writes the tables of the README that follow from the code: settings, tasks, commands. With --check it changes nothing
// and fails where they have drifted.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { createProgram } from '../dist/cli/program.js';
import { tasks } from '../dist/jobs/registry.js';
import { environmentSchema } from '../dist/settings.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const readme = `${root}README.md`;

const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');

const sections = {
  settings: table(
    ['variable', 'meaning', 'where unset'],
    Object.entries(environmentSchema.shape).map(([name, schema]) => {
      const { description, unset } = schema.meta() ?? {};
      if (!description || !unset) throw new Error(`${name} has no documentation in src/settings.ts`);
      return [`\`${name}\``, description, unset === 'required' || /^[a-z]+[; ]/.test(unset) ? unset : `\`${unset}\``];
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
  return createProgram(context).commands.map((command) => [
    `\`rollcall ${command.name()} ${command.usage()}\``,
    command.description(),
  ]);
}

const before = readFileSync(readme, 'utf8');
let after = before;
for (const [name, content] of Object.entries(sections)) {
  const section = new RegExp(`(<!-- ${name} -->)[^]*?(<!-- /${name} -->)`);
  if (!section.test(after)) throw new Error(`README.md has no section <!-- ${name} -->`);
  after = after.replace(section, (_, open, close) => `${open}\n\n${content}\n\n${close}`);
}
after = await format(after, { ...(await resolveConfig(readme)), filepath: readme });

if (process.argv.includes('--check')) {
  if (after !== before) {
    process.stderr.write('README.md does not say what the code does. Run `npm run docs` and commit it.\n');
    process.exitCode = 1;
  }
} else if (after !== before) writeFileSync(readme, after);
