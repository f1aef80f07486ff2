// How long the views take to answer, over the base tables of a large company and with the settings of the embedded Postgres.
import { formatCount, formatTable } from '../dist/cli/print.js';
import { withDatabase } from './support/database.mjs';
import { withFolder } from './support/folder.mjs';
import { median } from './support/median.mjs';
import { fill, isFilled } from './views/fill.mjs';
import { questions } from './views/questions.mjs';

const LIMIT_MS = 1000;
const REPEATS = 5;
/** What is as slow as this is not asked again; what is as slow as that is cancelled. */
const SLOW_MS = 5_000;
const HOPELESS_MS = 20_000;
const CANCELED = '57014';

// Times depend on the machine and on who else uses it; so each is also told in units of one plain read of a table.
const YARDSTICK = 'select count(*), max(location) from rollcall_data.users';

/** @param args `--home=FOLDER` keeps the database there for the next time: filling it takes minutes */
export function views(args) {
  const home = args.find((arg) => arg.startsWith('--home='))?.slice('--home='.length);
  const work = (folder) => withDatabase(folder, ask);
  return home === undefined ? withFolder(work) : work(home);
}

async function ask(client) {
  if (!(await isFilled(client))) {
    process.stderr.write('Filling the tables (some minutes) …\n');
    await fill(client);
  }
  await client.query(`set statement_timeout = ${HOPELESS_MS}`);
  const unit = (await time(client, YARDSTICK)).ms;
  const rows = [];
  for (const { view, question, sql } of questions) {
    const { ms, count } = await time(client, sql);
    const answer =
      ms === HOPELESS_MS ? ['', 'cancelled', ''] : [formatCount(count), ms.toFixed(1), (ms / unit).toFixed(2)];
    rows.push([view, question, ...answer, ms > LIMIT_MS ? 'OVER' : '']);
  }
  const over = rows.filter((row) => row.at(-1) !== '').length;
  process.stdout.write(
    formatTable(['view', 'question', 'rows', 'median ms', '× a scan of users', `> ${LIMIT_MS} ms`], rows),
  );
  process.stdout.write(
    `\n${over} of ${rows.length} take more than ${LIMIT_MS} ms. A scan of users: ${unit.toFixed(1)} ms.\n`,
  );
}

async function time(client, sql) {
  const times = [];
  let count = 0;
  while (times.length < REPEATS && (times[0] ?? 0) < SLOW_MS) {
    const start = performance.now();
    try {
      ({ rowCount: count } = await client.query(sql));
    } catch (error) {
      if (error.code !== CANCELED) throw error;
      return { ms: HOPELESS_MS, count };
    }
    times.push(performance.now() - start);
  }
  return { ms: median(times), count };
}
