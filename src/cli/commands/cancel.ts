import { toRollcallError } from '../../errors.js';
import type { CliContext } from '../context.js';
import { requireRun } from '../lookup.js';
import { aboutRun, operating, operatorOf } from '../operating.js';
import { formatCount, jsonLine } from '../print.js';
import { toFacts } from '../run-facts.js';
import { withQueue } from '../../app.js';
import { cancelRun } from '../../jobs/run/cancel-run.js';
import { forgetEnded } from '../../jobs/queue/forget-jobs.js';
import { withReadingApp } from '../with-app.js';

export async function execute(context: CliContext, id: string, flags: { json?: true }): Promise<void> {
  await withReadingApp(context, async (app) => {
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
}
