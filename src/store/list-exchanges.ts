import { and, desc, eq, gte, isNotNull, lt, ne, or, isNull } from 'drizzle-orm';
import type { Database } from './database.js';
import { accessLog } from './schema/index.js';

export type RecordedExchange = typeof accessLog.$inferSelect;

export interface ExchangeFilter {
  readonly tenantId?: string | undefined;
  readonly task?: string | undefined;
  readonly runId?: string | undefined;
  readonly status?: number | undefined;
  /** Only what did not succeed. */
  readonly failed?: boolean | undefined;
  /** Instants; the earlier one belongs to it, the later one does not. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly limit: number;
}

/** What was asked of Graph and of the login, the newest first. */
export async function listExchanges(database: Database, filter: ExchangeFilter): Promise<RecordedExchange[]> {
  const { tenantId, task, runId, status, failed, since, until, limit } = filter;
  return database.db
    .select()
    .from(accessLog)
    .where(
      and(
        tenantId === undefined ? undefined : eq(accessLog.tenantId, tenantId),
        task === undefined ? undefined : eq(accessLog.task, task),
        runId === undefined ? undefined : eq(accessLog.runId, runId),
        status === undefined ? undefined : eq(accessLog.status, status),
        failed === true
          ? or(isNull(accessLog.status), ne(accessLog.status, 200), isNotNull(accessLog.error))
          : undefined,
        since === undefined ? undefined : gte(accessLog.at, since),
        until === undefined ? undefined : lt(accessLog.at, until),
      ),
    )
    .orderBy(desc(accessLog.at))
    .limit(limit);
}
