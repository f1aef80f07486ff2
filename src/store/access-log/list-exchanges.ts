import { and, desc, eq, gte, isNotNull, lt, ne, or, isNull, sql } from 'drizzle-orm';
import type { Asker } from '../schema/askers.js';
import type { Database } from '../database.js';
import { accessLogView as accessLog } from '../schema/index.js';

export type RecordedExchange = typeof accessLog.$inferSelect;

export interface ExchangeFilter {
  readonly tenantId?: string | undefined;
  readonly task?: string | undefined;
  readonly runId?: string | undefined;
  readonly status?: number | undefined;
  /** Only what this part of Rollcall asked. */
  readonly askedBy?: Asker | undefined;
  /** Only as this application. */
  readonly application?: string | undefined;
  /** Only requests whose URI has this text, such as the id of a group. */
  readonly uri?: string | undefined;
  /** Only what did not succeed. */
  readonly failed?: boolean | undefined;
  /** Instants; the earlier one belongs to it, the later one does not. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly limit: number;
}

/** What was asked of Graph and of the login, the newest first; what was asked inside a batch follows it. */
export async function listExchanges(database: Database, filter: ExchangeFilter): Promise<RecordedExchange[]> {
  const { tenantId, task, runId, status, askedBy, application, uri, failed, since, until, limit } = filter;
  return (
    database.db
      .select()
      .from(accessLog)
      .where(
        and(
          tenantId === undefined ? undefined : eq(accessLog.tenantId, tenantId),
          task === undefined ? undefined : eq(accessLog.task, task),
          runId === undefined ? undefined : eq(accessLog.runId, runId),
          status === undefined ? undefined : eq(accessLog.status, status),
          askedBy === undefined ? undefined : eq(accessLog.askedBy, askedBy),
          application === undefined ? undefined : eq(sql`lower(${accessLog.application})`, application.toLowerCase()),
          uri === undefined ? undefined : sql`position(lower(${uri}) in lower(${accessLog.uri})) > 0`,
          failed === true
            ? or(isNull(accessLog.status), ne(accessLog.status, 200), isNotNull(accessLog.error))
            : undefined,
          since === undefined ? undefined : gte(accessLog.at, since),
          until === undefined ? undefined : lt(accessLog.at, until),
        ),
      )
      // A batch stands before what was asked inside it.
      .orderBy(desc(accessLog.at), sql`${accessLog.batchId} nulls first`)
      .limit(limit)
  );
}
