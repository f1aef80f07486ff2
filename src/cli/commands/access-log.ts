import { Command, Option } from 'commander';
import { ASKERS, type Asker } from '../../store/schema/askers.js';
import type { RecordedExchange } from '../../store/index.js';
import { tenantIdOf } from '../lookup.js';
import { readSettings, using, type CliContext } from '../context.js';
import {
  jsonOption,
  limitOption,
  taskOption,
  tenantOption,
  toUuid,
  sinceOption,
  untilOption,
  toStatus,
} from '../flags.js';
import { requireInterval, requireKnown, requireTask } from '../known-filters.js';
import { formatCount, formatTable, jsonLine } from '../print.js';
import { toFacts } from '../run-facts.js';

interface AccessLogFlags {
  readonly task?: string;
  readonly tenant?: string;
  readonly run?: string;
  readonly status?: number;
  readonly uri?: string;
  readonly application?: string;
  readonly askedBy?: Asker;
  readonly failed?: true;
  readonly since?: string;
  readonly until?: string;
  readonly limit: number;
  readonly json?: true;
}

export function accessLogCommand(context: CliContext): Command {
  return new Command('access-log')
    .description('what was asked of Graph and of the login with these credentials, newest first')
    .addOption(tenantOption())
    .addOption(taskOption())
    .option('--run <id>', 'only of this run', toUuid)
    .option('--status <code>', 'only answers with this HTTP status', toStatus)
    .option('--uri <text>', 'only requests whose URI has this text, such as the id of a group or an application')
    .option('--application <id>', 'only what was asked as this application (its client id)', toUuid)
    .addOption(new Option('--asked-by <who>', 'only what this part of Rollcall asked').choices(ASKERS))
    .option('--failed', 'only what did not succeed')
    .addOption(sinceOption())
    .addOption(untilOption())
    .addOption(limitOption(50))
    .addOption(jsonOption('exchange'))
    .action(async (flags: AccessLogFlags) => {
      const { config, log } = readSettings(context, { quiet: true });
      const { openReadingApp } = await import('../../app.js');
      const { listExchanges } = await import('../../store/index.js');
      await requireTask(flags.task);
      requireInterval(flags);
      await using(openReadingApp(config, log), async (app) => {
        const { database } = app;
        const { tenant, run: runId, ...filter } = flags;
        const tenantId = await tenantIdOf(database, tenant);
        const exchanges = await listExchanges(database, { ...filter, tenantId, runId });
        await requireKnown(app, { tenantId, runId }, exchanges.length);
        const rows = () => exchanges.map(rowOf);
        context.out.write(
          flags.json === true
            ? exchanges.map((exchange) => jsonLine(toFacts(exchange))).join('')
            : formatTable(HEAD, rows()),
        );
      });
    });
}

const HEAD = ['at', 'asked by', 'account', 'task', 'method', 'uri', 'status', 'took', 'bytes', 'attempt'];

function rowOf(exchange: RecordedExchange): unknown[] {
  const { at, askedBy, application, credential, task, method, uri, status, error } = exchange;
  const { durationMs, bytes, attempt, batchId } = exchange;
  const account = [application, credential].filter((each) => each !== null).join(' ');
  const took = batchId === null ? `${formatCount(durationMs ?? 0)} ms` : 'in a batch';
  const size = bytes === null ? '' : formatCount(bytes);
  return [new Date(at), askedBy, account, task, method, uri, status ?? error, took, size, attempt];
}
