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

/** Not a failure: the work has to wait. The job goes back to the queue and loses no attempt. */
export class RetryLater extends Error {
  override readonly name = 'RetryLater';
  /** Milliseconds from now. */
  readonly delayMs: number;

  constructor(delayMs: number, reason: string) {
    super(reason);
    this.delayMs = delayMs;
  }
}

const classified = new WeakMap<object, RollcallError>();

/** Says what an error means, where it is known whose it is: later its code alone would not tell a file from a database. */
export function classify(error: object, meaning: RollcallError): void {
  classified.set(error, meaning);
}

/** Anything thrown, as one of ours: itself or one of its causes, what it was classified as, or a fault of Rollcall. */
export function toRollcallError(thrown: unknown): RollcallError {
  for (const error of causes(thrown)) {
    const known = error instanceof RollcallError ? error : classified.get(error);
    if (known !== undefined) return known;
  }
  const cause = rootCause(thrown);
  const message = cause instanceof Error ? cause.message : String(cause);
  const refusal = cause instanceof Error && cause.name === 'ReplyError' ? refusalOf(message) : undefined;
  if (refusal !== undefined) {
    const [reason, advice] = refusal;
    return new RollcallError('queue_unreachable', `Redis refused a command of ours: ${reason}`, advice, {
      cause: thrown,
    });
  }
  return new RollcallError(
    'internal',
    `${cause instanceof Error ? cause.name : 'Error'}: ${message}`,
    isOfMachine(cause)
      ? 'The operating system refused this: its reason says what this machine lacks.'
      : 'This is a fault of Rollcall: please report it.',
    { cause: thrown },
  );
}

/** What was thrown, and below it what the wrappers of libraries say was the cause. */
function* causes(thrown: unknown): Generator<object> {
  for (let error = thrown; isObject(error); error = error.cause) {
    yield error;
    if (!('cause' in error) || error.cause === error) return;
  }
}

/** Whether a call to the operating system failed: a file that may not be read, a full disk. */
const isOfMachine = (cause: unknown): boolean => isObject(cause) && 'syscall' in cause && 'errno' in cause;

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
