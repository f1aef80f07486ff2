import { hostname, userInfo } from 'node:os';
import { acting, type Action, actingOnEach } from '../store/actions/acting.js';
import type { Database, Operator, Run, Told } from '../store/index.js';
import type { CliContext } from './context.js';

/** Does what the operator asked for, and records it: see `acting`. */
export async function operating<T>(
  context: CliContext,
  database: Database,
  told: Told,
  work: (action: Action) => Promise<T>,
): Promise<T> {
  return acting(database, operatorOf(context), told, work);
}

/** The same for several actions at once. */
export async function operatingOnEach<T>(
  context: CliContext,
  database: Database,
  told: readonly Told[],
  work: (actions: readonly Action[]) => Promise<T>,
): Promise<T> {
  return actingOnEach(database, operatorOf(context), told, work);
}

/** The user according to the system. `SUDO_USER` is recorded separately, because anyone can set it. */
export function operatorOf({ environment }: Pick<CliContext, 'environment'>): Operator {
  return {
    actor: userName(),
    claimedActor: environment['SUDO_USER'] || null,
    way: 'command-line',
    host: hostname(),
  };
}

/** In a container a user may have a number and no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}

export const aboutRun = ({ id, tenantId, task }: Run) => ({ runId: id, tenantId, task });
