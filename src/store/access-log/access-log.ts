import { once } from 'node:events';
import { from as copyFrom } from 'pg-copy-streams';
import type { Account } from '../../settings/credential.js';
import { toRollcallError } from '../../errors.js';
import type { Logger } from '../../log.js';
import type { Asker } from '../schema/askers.js';
import { copyLine } from '../sql/copy-text.js';
import type { Database } from '../database.js';
import { createPartitions, dayOf, daysAgo, dropPartition, partitionsOf } from '../sql/day-partitions.js';
import type { accessLog } from '../schema/index.js';
import { storableJson } from '../sql/storable-json.js';

type AccessEntry = Readonly<typeof accessLog.$inferSelect>;

/** What is kept of an exchange itself. */
export type AskedExchange = Omit<AccessEntry, keyof Account | keyof OfRun | 'askedBy' | 'inner'> &
  Partial<Pick<AccessEntry, 'inner'>>;

/** The run that an exchange belongs to. */
export type OfRun = Pick<AccessEntry, 'task' | 'runId'>;

/** A login belongs to no run: its token serves all of them. */
const NO_RUN: OfRun = { task: null, runId: null };

/** Keeps account of every exchange, off the path of those who make them. */
export interface AccessLog {
  /**
   * Takes the exchanges of one account, for one run or for none. To record one costs no time: it is written within a
   * second, together with others.
   */
  for(account: Account, run?: OfRun): (exchange: AskedExchange) => void;
  /** Entries wait until there is a database: the login comes first. */
  writeTo(database: Database): void;
  /** Writes what waits. */
  flush(): Promise<void>;
  /** Writes what is still to be written. */
  close(): Promise<void>;
}

export interface AccessLogOptions {
  /** Which part of Rollcall this process is. */
  readonly asker: Asker;
  readonly retentionDays: number;
  readonly log: Logger;
}

const EVERY_MS = 1000;
const BATCH = 1000;
/** While the database is away nothing goes on that would need more. */
const MOST_WAITING = 50_000;

export function createAccessLog({ asker, retentionDays, log }: AccessLogOptions): AccessLog {
  let waiting: AccessEntry[] = [];
  let target: Database | undefined;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();
  let tidied = '';

  async function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    if (target === undefined || waiting.length === 0) return;
    const batch = waiting;
    waiting = [];
    try {
      await write(target, batch);
      const today = dayOf(Date.now());
      if (tidied !== today) await dropOldDays(target, retentionDays);
      tidied = today;
    } catch (error) {
      waiting = [...batch, ...waiting].slice(-MOST_WAITING);
      log.warn({ code: toRollcallError(error).code, waiting: waiting.length }, 'the access log could not be written');
      later();
    }
  }

  /** One after the other, so that entries keep their order. */
  function flushNext(): Promise<void> {
    writing = writing.then(flush);
    return writing;
  }

  function later(): void {
    if (target === undefined) return;
    timer ??= setTimeout(() => void flushNext(), EVERY_MS).unref();
  }

  function record(entry: AccessEntry): void {
    waiting.push(entry);
    if (waiting.length === BATCH) void flushNext();
    else later();
  }

  return {
    for(account, run = NO_RUN) {
      const who = { ...account, ...run, askedBy: asker };
      return (exchange) => record({ inner: null, ...exchange, ...who });
    },
    writeTo(database) {
      target = database;
      later();
    },
    flush: flushNext,
    async close() {
      await flushNext();
      clearTimeout(timer);
      target = undefined;
    },
  };
}

const COLUMNS = `at, tenant_id, application, credential, asked_by, task, run_id, method, uri, status, error, duration_ms,
  bytes, attempt, client_request_id, request_id, resource_units, inner_requests`;

async function write(database: Database, entries: readonly AccessEntry[]): Promise<void> {
  const days = new Set(entries.map(({ at }) => at.slice(0, 10)));
  await database.transaction(async ({ db, client }) => {
    await createPartitions(db, 'access_log', [...days]);
    const stream = client.query(copyFrom(`copy rollcall_data.access_log (${COLUMNS}) from stdin`));
    stream.end(entries.map(line).join(''));
    await once(stream, 'finish');
  });
}

function line(entry: AccessEntry): string {
  const { at, tenantId, application, credential, askedBy, task, runId, method, uri } = entry;
  const { status, error, durationMs, bytes, attempt, clientRequestId, requestId, resourceUnits, inner } = entry;
  const who = [at, tenantId, application, credential, askedBy, task, runId, method, uri];
  const how = [status, error, durationMs, bytes, attempt, clientRequestId, requestId, resourceUnits];
  return copyLine([...who, ...how, inner === null ? null : storableJson(inner)]);
}

async function dropOldDays(database: Database, retentionDays: number): Promise<void> {
  const boundary = await daysAgo(database.db, retentionDays);
  const old = (await partitionsOf(database.db, 'access_log')).filter((day) => day < boundary);
  for (const day of old) await database.transaction(({ db }) => dropPartition(db, 'access_log', day));
}
