import { refusalOf } from './redis-refusals.js';

/**
 * Every way Rollcall can fail. A code is stable: runs store it, operators search for it, the exit of a command follows
 * from it. A message says what was found and what was expected; the advice says what to do.
 */
export type ErrorCode =
  // Before anything starts
  | 'settings_invalid'
  | 'command_invalid'
  | 'not_found'
  | 'secret_missing'
  | 'tenant_refused'
  // The database
  | 'database_unreachable'
  | 'database_newer'
  | 'database_empty'
  | 'database_failed'
  | 'database_unfit'
  | 'database_unsafe'
  | 'embedded_postgres_failed'
  // The queue
  | 'queue_unreachable'
  // Login and Graph
  | 'credential_invalid'
  | 'login_refused'
  | 'login_unreachable'
  | 'graph_unauthorized'
  | 'graph_forbidden'
  | 'graph_license_missing'
  | 'graph_not_found'
  | 'graph_bad_request'
  | 'graph_page_expired'
  | 'graph_cursor_lost'
  | 'graph_unreachable'
  | 'graph_unreadable'
  | 'graph_foreign_link'
  | 'graph_failed'
  // A run
  | 'needs_missing'
  | 'no_progress'
  | 'not_held'
  | 'not_replayable'
  | 'not_cancellable'
  | 'busy'
  | 'internal';

type Facts = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** A failure that tells its reader what to do. Never carries a secret, a token or a person's data. */
export class RollcallError extends Error {
  override readonly name = 'RollcallError';
  readonly code: ErrorCode;
  readonly advice: string;
  readonly facts: Facts;

  constructor(code: ErrorCode, message: string, advice: string, options: { cause?: unknown; facts?: Facts } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.advice = advice;
    this.facts = options.facts ?? {};
  }
}

/** The innermost cause: what a driver or a socket really said, below the wrappers of libraries. */
export function rootCause(thrown: unknown): unknown {
  let current = thrown;
  while (current instanceof Error && current.cause !== undefined && current.cause !== current) current = current.cause;
  return current;
}

/** The `code` that Node and Postgres put on their errors (`ECONNREFUSED`, `42P01`), if there is one. */
export function systemCode(thrown: unknown): string | undefined {
  const cause = rootCause(thrown);
  if (typeof cause !== 'object' || cause === null || !('code' in cause)) return undefined;
  return typeof cause.code === 'string' ? cause.code : undefined;
}

/** Not a failure: the work cannot go on now and can go on later. The job goes back to the queue; it costs no attempt. */
export class RetryLater extends Error {
  override readonly name = 'RetryLater';
  /** Milliseconds from now. */
  readonly delayMs: number;

  constructor(delayMs: number, reason: string) {
    super(reason);
    this.delayMs = delayMs;
  }
}

// Classes of SQLSTATE that say "not now": connection, resources, an operator's intervention, a lost race.
const DATABASE_AWAY = /^(08(?!P01)|53|57|40)/;
// Names of the operating system (ECONNRESET, EHOSTUNREACH, …), not those of Node's own errors (ERR_…).
const SOCKET_BROKEN = /^E(?!RR_)[A-Z_]+$/;

/** What the database is there for but has no more of. @see https://www.postgresql.org/docs/current/errcodes-appendix.html */
const OUT_OF: Readonly<Record<string, readonly [what: string, advice: string]>> = {
  '53100': [
    "The database's disk is full (SQLSTATE 53100)",
    'Make room on it. The run keeps its checkpoint and goes on by itself.',
  ],
  '53200': [
    'The database has no memory left (SQLSTATE 53200)',
    'Give it more, or end what uses it. The run keeps its checkpoint and goes on by itself.',
  ],
  '53300': [
    'The database has no connection left (SQLSTATE 53300)',
    'Raise max_connections, or end what holds them. The run keeps its checkpoint and goes on by itself.',
  ],
};

/** What the server or a pooler says itself: of rights, protocols and locks it names objects, never a row. */
const IN_WORDS: Readonly<Record<string, { readonly code: ErrorCode; readonly what: string; readonly advice: string }>> =
  {
    '08P01': {
      code: 'database_unreachable',
      what: 'What stands between Rollcall and the database ended the connection (SQLSTATE 08P01)',
      advice:
        'A pooler says so. Its own log says more: it has to keep sessions together and have one for each connection. Or give DATABASE_URL the address of Postgres itself.',
    },
    '25006': {
      code: 'database_unreachable',
      what: 'The database is read-only (SQLSTATE 25006)',
      advice:
        'Is DATABASE_URL the address of a standby, or is default_transaction_read_only on? Some servers set it when their disk is full. The run keeps its checkpoint and goes on by itself.',
    },
    '42501': {
      code: 'database_failed',
      what: 'The role of DATABASE_URL lacks a right (SQLSTATE 42501)',
      advice: 'Give it that right, or let it own what it is about: docs/operating.md says which rights are needed.',
    },
    '55P03': {
      code: 'database_unreachable',
      what: 'Another session holds a lock for too long (SQLSTATE 55P03)',
      advice:
        'See who: select pid, usename, state, xact_start, query from pg_stat_activity where xact_start is not null order by xact_start. End it: select pg_terminate_backend(pid). The run keeps its checkpoint and goes on by itself.',
    },
  };

/**
 * Anything thrown, as one of ours. The text of a foreign error is not repeated where it may carry people's data: a
 * database driver puts whole rows into it.
 */
export function toRollcallError(thrown: unknown): RollcallError {
  if (thrown instanceof RollcallError) return thrown;
  const cause = rootCause(thrown);
  const code = systemCode(thrown);
  const message = cause instanceof Error ? cause.message : String(cause);
  const away = code !== undefined && (DATABASE_AWAY.test(code) || SOCKET_BROKEN.test(code));
  if (away || /connection terminated|connection error|timeout exceeded when/i.test(message)) {
    const [what, advice] = OUT_OF[code ?? ''] ?? [
      `The database went away: ${code ?? message}`,
      'The run keeps its checkpoint and goes on when the database is back.',
    ];
    return new RollcallError('database_unreachable', what, advice, { cause: thrown });
  }
  const words = code === undefined ? undefined : IN_WORDS[code];
  if (words !== undefined)
    return new RollcallError(words.code, `${words.what}: ${message}`, words.advice, { cause: thrown });
  const refusal = cause instanceof Error && cause.name === 'ReplyError' ? refusalOf(message) : undefined;
  if (refusal !== undefined) {
    const [reason, advice] = refusal;
    return new RollcallError('queue_unreachable', `Redis refused a command of ours: ${reason}`, advice, {
      cause: thrown,
    });
  }
  if (code !== undefined && /^[0-9A-Z]{5}$/.test(code)) {
    return new RollcallError(
      'database_failed',
      `Postgres refused a statement of ours (SQLSTATE ${code})`,
      'Look the code up in the list of Postgres error codes. If the database was not changed by hand, please report it.',
      { cause: thrown },
    );
  }
  return new RollcallError(
    'internal',
    `${cause instanceof Error ? cause.name : 'Error'}: ${message}`,
    'This is a fault of Rollcall: please report it.',
    {
      cause: thrown,
    },
  );
}
