import { Command } from 'commander';
import { toRollcallError } from '../../errors.js';
import { readSettings, using, type CliContext } from '../context.js';
import { requireRun } from '../lookup.js';
import { jsonOption, toUuid } from '../flags.js';
import { aboutRun, operating, operatorOf } from '../operating.js';
import { formatCount, jsonLine } from '../print.js';
import { toFacts } from '../run-facts.js';

export function cancelCommand(context: CliContext): Command {
  return new Command('cancel')
    .description('end a run that has not ended, whoever works on it; it keeps its checkpoint')
    .argument('<run>', 'the id of a run; `status` shows it', toUuid)
    .addOption(jsonOption('run'))
    .action(async (id: string, flags: { json?: true }) => {
      const { config, log } = readSettings(context, { quiet: true });
      const { openReadingApp, withQueue } = await import('../../app.js');
      const { cancelRun } = await import('../../jobs/run/cancel-run.js');
      const { forgetEnded } = await import('../../jobs/queue/forget-jobs.js');
      await using(openReadingApp(config, log), async (app) => {
        const { database } = app;
        const run = await requireRun(database, id);
        const cancelled = await operating(context, database, { action: 'cancel', ...aboutRun(run) }, (action) =>
          cancelRun(database, run, operatorOf(context), (db, { pages, items }) =>
            action.done(db, { details: { pages, items } }),
          ),
        );
        // The run has ended, whatever becomes of its job, which would only find that.
        await withQueue(app, (queue) => forgetEnded(queue, [cancelled])).catch((error: unknown) =>
          context.err.write(`Its job stays on the queue for now: ${toRollcallError(error).message}\n`),
        );
        const { task, pages, items } = cancelled;
        const read = `${formatCount(pages)} pages, ${formatCount(items)} items`;
        context.out.write(
          flags.json === true
            ? jsonLine(toFacts(cancelled))
            : `${task}: cancelled after ${read}. To resume it there: rollcall replay ${id}\n`,
        );
      });
    });
}
