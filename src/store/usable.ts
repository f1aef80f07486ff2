import { RollcallError, rootCause, systemCode } from '../errors.js';
import type { Database } from './database.js';
import { keepsSession } from './keeps-session.js';

/** What makes a database useless to a worker, though it answers. */
export interface Unfit {
  readonly found: string;
  readonly advice: string;
}

interface Facts {
  readonly standby: boolean;
  readonly readOnly: boolean;
  readonly encoding: string;
}

/** UTF8 takes every name; SQL_ASCII takes bytes as they come. */
const ENCODINGS = ['UTF8', 'SQL_ASCII'];

const SESSIONS: Unfit = {
  found:
    'a pooler in front of the database does not keep sessions together: it lends them for a transaction or a statement',
  advice:
    'Locks and notifications need a session of their own. Set the pooler to session mode (PgBouncer: pool_mode = session), or give DATABASE_URL the address of Postgres itself or of the port that keeps sessions.',
};

/** Looks whether the database can be worked with. Writes nothing. @returns what is wrong, undefined if nothing is */
export async function findUnfit({ pool }: Pick<Database, 'pool'>): Promise<Unfit | undefined> {
  try {
    if (!(await keepsSession(pool))) return SESSIONS;
  } catch (error) {
    // A pooler in statement mode refuses to begin a transaction.
    if (systemCode(error) === '08P01' && /transaction/i.test(textOf(error))) return SESSIONS;
    throw error;
  }
  const { rows } = await pool.query<Facts>(
    `select pg_is_in_recovery() as standby, current_setting('transaction_read_only') = 'on' as "readOnly",
       current_setting('server_encoding') as encoding`,
  );
  const [facts] = rows;
  if (facts === undefined) return undefined;
  if (facts.standby) {
    return {
      found: 'the server is a standby, which is read-only',
      advice: 'Give DATABASE_URL the address of the primary server.',
    };
  }
  if (facts.readOnly) {
    return {
      found: 'the database is read-only (default_transaction_read_only is on)',
      advice:
        'Some servers set it when their disk is full: make room. Else: alter role … (or alter database …) set default_transaction_read_only = off.',
    };
  }
  if (!ENCODINGS.includes(facts.encoding)) {
    return {
      found: `the encoding of the database is ${facts.encoding}, and names of people need UTF8`,
      advice: "Make another one: create database … encoding 'UTF8' template template0, and name it in DATABASE_URL.",
    };
  }
  return undefined;
}

/**
 * Refuses a database that cannot be worked with, before anything is locked or written.
 * @throws RollcallError `database_unfit`
 */
export async function requireUsable(database: Pick<Database, 'pool'>): Promise<void> {
  const unfit = await findUnfit(database);
  if (unfit === undefined) return;
  throw new RollcallError('database_unfit', `The database cannot be used: ${unfit.found}`, unfit.advice);
}

function textOf(error: unknown): string {
  const cause = rootCause(error);
  return cause instanceof Error ? cause.message : '';
}
