import { formatCount, jsonLine } from '../print.js';
import type { CliContext } from '../context.js';
import { requireRun } from '../lookup.js';
import { aboutRun, operating } from '../operating.js';
import { discardRun, releaseRun } from '../../jobs/run/held-removals.js';
import { withReadingApp } from '../with-app.js';

export const release = { execute: decide('release', 'removed') };
export const discard = { execute: decide('discard', 'kept') };

function decide(name: 'release' | 'discard', what: 'removed' | 'kept') {
  const decideOn = name === 'release' ? releaseRun : discardRun;
  return (context: CliContext, id: string, flags: { json?: true }): Promise<void> =>
    withReadingApp(context, async ({ database }) => {
      const run = await requireRun(database, id);
      const rows = await operating(context, database, { action: name, ...aboutRun(run) }, (action) =>
        decideOn(database, run, (db, rows) => action.done(db, { details: { [what]: rows } })),
      );
      const said = `${run.task}: ${formatCount(rows)} rows ${what}.\n`;
      context.out.write(flags.json === true ? jsonLine({ run: run.id, task: run.task, [what]: rows }) : said);
    });
}
