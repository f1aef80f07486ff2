import type { Budgets } from '../../budget-store.js';
import type { Logger } from '../../log.js';
import type { Database } from '../database.js';
import { installationId } from '../installation.js';
import { createPostgresBudgets } from './postgres-budget.js';
import { createRedisBudgets } from './redis-budget.js';

export interface BudgetsOptions {
  readonly database: Database;
  readonly redisUrl: string | undefined;
  /** PEM of authorities to trust beside those of Node. */
  readonly certificateAuthority?: string | undefined;
  readonly log: Logger;
}

/** All processes that read a tenant with an application share one budget: in Redis if there is one, else in Postgres. */
export async function openBudgets(options: BudgetsOptions): Promise<Budgets> {
  const { database, redisUrl, certificateAuthority, log } = options;
  if (redisUrl === undefined) return createPostgresBudgets(database);
  return createRedisBudgets({ redisUrl, certificateAuthority, installationId: await installationId(database), log });
}
