import type { Asker } from '../../store/schema/askers.js';
import { listExchanges, type RecordedExchange } from '../../store/index.js';
import { tenantIdOf } from '../lookup.js';
import type { CliContext } from '../context.js';
import { requireInterval, requireKnown, requireTask } from '../known-filters.js';
import { formatCount, formatTable, jsonLine } from '../print.js';
import { toFacts } from '../run-facts.js';
import { withReadingApp } from '../with-app.js';

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

export async function execute(context: CliContext, flags: AccessLogFlags): Promise<void> {
  requireTask(flags.task);
  requireInterval(flags);
  await withReadingApp(context, async (app) => {
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
