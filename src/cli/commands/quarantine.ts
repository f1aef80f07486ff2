import { Command } from 'commander';
import { RollcallError } from '../../errors.js';
import { tenantIdOf } from '../lookup.js';
import { readSettings, using, type CliContext } from '../context.js';
import { requireKnown, requireTask } from '../known-filters.js';
import { jsonOption, limitOption, taskOption, tenantOption, toCount, toUuid } from '../flags.js';
import { formatJson, formatTable, formatValue, jsonLine } from '../print.js';
import { toFacts } from '../run-facts.js';

interface QuarantineFlags {
  readonly task?: string;
  readonly tenant?: string;
  readonly run?: string;
  readonly limit: number;
  readonly json?: true;
}

export function quarantineCommand(context: CliContext): Command {
  return new Command('quarantine')
    .description('the items kept aside because no schema accepts them, and why; with a number, one of them as it came')
    .argument('[number]', 'the number of one of them', toCount)
    .addOption(tenantOption())
    .addOption(taskOption())
    .option('--run <id>', 'only of this run', toUuid)
    .addOption(limitOption(50))
    .addOption(jsonOption('item'))
    .action(async (number: number | undefined, flags: QuarantineFlags) => {
      const { config, log } = readSettings(context, { quiet: true });
      const { openReadingApp } = await import('../../app.js');
      const { findQuarantined, listQuarantine } = await import('../../store/index.js');
      const { out } = context;
      await requireTask(flags.task);
      await using(openReadingApp(config, log), async (app) => {
        const { database } = app;
        if (number === undefined) {
          const tenantId = await tenantIdOf(database, flags.tenant);
          const items = await listQuarantine(database, { ...flags, tenantId, runId: flags.run });
          await requireKnown(app, { tenantId, runId: flags.run }, items.length);
          if (flags.json === true) out.write(items.map((item) => jsonLine(toFacts(item))).join(''));
          else if (items.length === 0) out.write('Nothing is kept aside.\n');
          else
            out.write(
              formatTable(
                HEAD,
                items.map((item) => [item.id, item.task, item.itemId ?? '(unknown)', item.reason, item.runId]),
              ),
            );
          return;
        }
        const item = await findQuarantined(database, number);
        if (item === undefined) throw notThere(number);
        if (flags.json === true) out.write(jsonLine(toFacts(item)));
        else
          out.write(
            `${item.task} ${formatValue(item.resource)} ${formatValue(item.itemId)}\n${formatValue(item.reason)}\n\n${formatJson(item.item, 2)}\n`,
          );
      });
    });
}

const HEAD = ['number', 'task', 'item', 'why', 'run'];

const notThere = (number: number) =>
  new RollcallError(
    'not_found',
    `Nothing with number ${number} is kept aside`,
    'It may have been read since. See what there is: rollcall quarantine',
  );
