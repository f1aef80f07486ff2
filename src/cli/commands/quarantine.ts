import { RollcallError } from '../../errors.js';
import { tenantIdOf } from '../lookup.js';
import type { CliContext } from '../context.js';
import { requireKnown, requireTask } from '../known-filters.js';
import { formatJson, formatTable, formatValue, jsonLine } from '../print.js';
import { toFacts } from '../run-facts.js';
import { findQuarantined, listQuarantine } from '../../store/index.js';
import { withReadingApp } from '../with-app.js';

interface QuarantineFlags {
  readonly task?: string;
  readonly tenant?: string;
  readonly run?: string;
  readonly limit: number;
  readonly json?: true;
}

export async function execute(context: CliContext, number: number | undefined, flags: QuarantineFlags): Promise<void> {
  const { out } = context;
  requireTask(flags.task);
  await withReadingApp(context, async (app) => {
    const { database } = app;
    if (number === undefined) {
      const tenantId = await tenantIdOf(database, flags.tenant);
      const items = await listQuarantine(database, { ...flags, tenantId, runId: flags.run });
      await requireKnown(app, { tenantId, runId: flags.run }, items.length);
      if (flags.json === true) out.write(items.map((item) => jsonLine(toFacts(item))).join(''));
      else if (items.length === 0) out.write('Nothing is in quarantine.\n');
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
}

const HEAD = ['number', 'task', 'item', 'why', 'run'];

const notThere = (number: number) =>
  new RollcallError(
    'not_found',
    `No item in quarantine has the number ${number}`,
    'A later run may have read it. To list the items: rollcall quarantine',
  );
