// `npm run bench` runs all benchmarks, `npm run bench -- NAME` one. Compare what one run prints: machines differ.
import { availableParallelism } from 'node:os';
import { accessLog } from './access-log.mjs';
import { budget } from './budget.mjs';
import { changes } from './changes.mjs';
import { hrRoster } from './hr-roster.mjs';
import { memory } from './memory.mjs';
import { queue } from './queue.mjs';
import { signIns } from './sign-ins.mjs';
import { ssoRoster } from './sso-roster.mjs';
import { tenants } from './tenants.mjs';
import { views } from './views.mjs';

const benchmarks = {
  'hr-roster': hrRoster,
  memory,
  changes,
  'sso-roster': ssoRoster,
  budget,
  'sign-ins': signIns,
  tenants,
  queue,
  'access-log': accessLog,
  views,
};

const args = process.argv.slice(2);
const names = args.filter((arg) => !arg.startsWith('--'));
const unknown = names.filter((name) => !(name in benchmarks));
if (unknown.length > 0) {
  process.stderr.write(
    `There is no benchmark ${unknown.join(', ')}. There are: ${Object.keys(benchmarks).join(', ')}.\n`,
  );
  process.exit(1);
}

process.stdout.write(`${availableParallelism()} cores, Node ${process.versions.node}\n`);
for (const [name, benchmark] of Object.entries(benchmarks)) {
  if (names.length > 0 && !names.includes(name)) continue;
  process.stdout.write(`\n## ${name}\n\n`);
  await benchmark(args);
}
