import { Command } from 'commander';
import { formatCount, jsonLine } from '../print.js';
import { readSettings, using, type CliContext } from '../context.js';
import { requireRun } from '../lookup.js';
import { aboutRun, operating } from '../operating.js';
import { jsonOption, toUuid } from '../flags.js';

export const releaseCommand = (context: CliContext) =>
  decision(context, 'release', 'let the removals of a held run go: exactly those on its list', 'removed');

export const discardCommand = (context: CliContext) =>
  decision(context, 'discard', 'drop the removals of a held run: its rows stay', 'kept');

function decision(
  context: CliContext,
  name: 'release' | 'discard',
  description: string,
  what: 'removed' | 'kept',
): Command {
  return new Command(name)
    .description(description)
    .argument('<run>', 'the id of a held run; `status` shows it', toUuid)
    .addOption(jsonOption('run'))
    .action(async (id: string, flags: { json?: true }) => {
      const { config, log } = readSettings(context, { quiet: true });
      const { openReadingApp } = await import('../../app.js');
      const { discardRun, releaseRun } = await import('../../jobs/run/held-removals.js');
      await using(openReadingApp(config, log), async ({ database }) => {
        const run = await requireRun(database, id);
        const rows = await operating(context, database, { action: name, ...aboutRun(run) }, (action) =>
          (name === 'release' ? releaseRun : discardRun)(database, run, (db, rows) =>
            action.done(db, { details: { [what]: rows } }),
          ),
        );
        const said = `${run.task}: ${formatCount(rows)} rows ${what}.\n`;
        context.out.write(flags.json === true ? jsonLine({ run: run.id, task: run.task, [what]: rows }) : said);
      });
    });
}
