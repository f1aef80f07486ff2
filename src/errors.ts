/**
 * Every way Rollcall can fail. A code is stable: runs store it, operators search for it, the exit of a command follows
 * from it. A message says what was found and what was expected; the advice says what to do.
 */
export type ErrorCode =
  // Before anything starts
  | 'settings_invalid'
  | 'command_invalid'
  | 'not_found'
  // The database
  | 'database_unreachable'
  | 'database_newer'
  | 'database_empty'
  | 'database_failed'
  | 'embedded_postgres_failed'
  // The queue
  | 'queue_unreachable'
  // Login and Graph
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
  | 'read_empty'
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
