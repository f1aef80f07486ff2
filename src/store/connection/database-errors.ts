import type { EventEmitter } from 'node:events';
import { classify, RollcallError, rootCause, systemCode, type ErrorCode } from '../../errors.js';

const RESUMES = 'The run keeps its checkpoint and resumes by itself.';

type Words = readonly [what: string, advice: string];

/** What a server can run out of, by SQLSTATE; follows "the server". @see https://www.postgresql.org/docs/current/errcodes-appendix.html */
export const EXHAUSTED: Readonly<Record<string, Words>> = {
  '53100': ["'s disk is full", 'Make room on it.'],
  '53200': [' has no memory left', 'Give it more, or end what uses it.'],
  '53300': [' has no connection left', 'Raise max_connections, or end what holds them.'],
};

/** What the server or a pooler says itself: about rights, protocols and locks it names objects, never a row. */
const IN_WORDS: Readonly<Record<string, readonly [code: ErrorCode, ...Words]>> = {
  '08P01': [
    'database_unreachable',
    'What stands between Rollcall and the database ended the connection',
    'A pooler says so. Its own log says more: it has to keep sessions together and have one for each connection. Or give DATABASE_URL the address of Postgres itself.',
  ],
  '25006': [
    'database_unreachable',
    'The database is read-only',
    `Is DATABASE_URL the address of a standby, or is default_transaction_read_only on? Some servers set it when their disk is full. ${RESUMES}`,
  ],
  '42501': [
    'database_failed',
    'The role of DATABASE_URL lacks a right',
    'Give it that right, or make it the owner of the object: docs/operating.md says which rights are needed.',
  ],
  '57014': [
    'database_unreachable',
    'A statement was cancelled',
    `By a signal to this process, or by an administrator of the database. ${RESUMES}`,
  ],
  '55P03': [
    'database_unreachable',
    'Another session holds a lock for too long',
    `See who: select pid, usename, state, xact_start, query from pg_stat_activity where xact_start is not null order by xact_start. End it: select pg_terminate_backend(pid). ${RESUMES}`,
  ],
};

// Classes of SQLSTATE that say "not now": connection, resources, an operator's intervention, a lost race.
const NOT_NOW = /^(08|53|57|40)/;
// Names of the operating system (ECONNRESET, EHOSTUNREACH, …), not those of Node's own errors (ERR_…).
const SOCKET_BROKEN = /^E(?!RR_)[A-Z_]+$/;
const CONNECTION_LOST = /connection terminated|connection error|timeout exceeded when/i;

/**
 * What an error means that the driver threw; undefined if it is a fault of ours. Its text is not repeated if it may carry
 * people's data: the driver puts whole rows into it.
 */
function databaseError(thrown: unknown): RollcallError | undefined {
  const cause = rootCause(thrown);
  const message = cause instanceof Error ? cause.message : String(cause);
  const code = systemCode(thrown) ?? '';
  const failure = (kind: ErrorCode, what: string, advice: string) =>
    new RollcallError(kind, what, advice, { cause: thrown });
  const state = `(SQLSTATE ${code})`;

  const exhausted = EXHAUSTED[code];
  if (exhausted !== undefined)
    return failure('database_unreachable', `The database${exhausted[0]} ${state}`, `${exhausted[1]} ${RESUMES}`);
  const words = IN_WORDS[code];
  if (words !== undefined) return failure(words[0], `${words[1]} ${state}: ${message}`, words[2]);
  if (NOT_NOW.test(code) || SOCKET_BROKEN.test(code) || CONNECTION_LOST.test(message))
    return failure(
      'database_unreachable',
      `The database went away: ${code === '' ? message : code}`,
      'The run keeps its checkpoint and resumes when the database is back.',
    );
  if (/^[0-9A-Z]{5}$/.test(code))
    return failure(
      'database_failed',
      `Postgres refused a statement of ours ${state}`,
      'Look the code up in the list of Postgres error codes. If the database was not changed by hand, please report it.',
    );
  return undefined;
}

function classified(thrown: unknown): unknown {
  if (typeof thrown !== 'object' || thrown === null || thrown instanceof RollcallError) return thrown;
  const meaning = databaseError(thrown);
  if (meaning !== undefined) classify(thrown, meaning);
  return thrown;
}

function classifyHandled(query: { handleError: unknown }): void {
  const { handleError } = query;
  if (typeof handleError !== 'function') return;
  query.handleError = (error: unknown, ...rest: unknown[]): unknown =>
    Reflect.apply(handleError, query, [classified(error), ...rest]);
}

/** Classifies what a connection says while it has no statement, before those who hold it hear it: the end of a lock, say. */
export function classifyEvents(client: EventEmitter): void {
  client.prependListener('error', classified);
}

/**
 * Classifies whatever a method of the driver fails with, by promise, by callback, or in what was submitted (COPY). The error
 * itself stays what it is, because BullMQ and our own code ask for its code.
 */
export function classifyFailures<T extends object>(target: T, name: keyof T & string): void {
  const method: unknown = target[name];
  if (typeof method !== 'function') throw new TypeError(`the driver has no ${name}`);
  const value = (...args: unknown[]): unknown => {
    const [submitted] = args;
    const callback = args.at(-1);
    if (typeof callback === 'function')
      args[args.length - 1] = (error: unknown, ...results: unknown[]): unknown =>
        Reflect.apply(callback, undefined, [classified(error), ...results]);
    else if (typeof submitted === 'object' && submitted !== null && 'handleError' in submitted)
      classifyHandled(submitted);
    const result: unknown = Reflect.apply(method, target, args);
    return result instanceof Promise ? result.catch((error: unknown) => Promise.reject(classified(error))) : result;
  };
  Object.defineProperty(target, name, { value, configurable: true, writable: true });
}
