import { bigint, index, integer, real, text, uuid } from 'drizzle-orm/pg-core';
import { data } from './schemas.js';
import { instant } from './sync-columns.js';

/** Every exchange with Graph and with the login, a partition a day; days beyond the retention are dropped. */
export const accessLog = data.table(
  'access_log',
  {
    at: instant('at').notNull(),
    tenantId: uuid('tenant_id').notNull(),
    /** Null for a login: its token serves every run. */
    task: text('task'),
    runId: uuid('run_id'),
    method: text('method').notNull(),
    /** Without what is worthless to a reader or secret: bodies, headers, the tokens of links. */
    uri: text('uri').notNull(),
    /** Null where there was no answer; then `error` says why. */
    status: integer('status'),
    error: text('error'),
    durationMs: integer('duration_ms').notNull(),
    /** Received, as they came over the wire. */
    bytes: bigint('bytes', { mode: 'number' }).notNull(),
    /** 1, or more where the request is a repeated one. */
    attempt: integer('attempt').notNull(),
    clientRequestId: text('client_request_id'),
    requestId: text('request_id'),
    /** What Graph says the request has cost. */
    resourceUnits: real('resource_units'),
  },
  (table) => [
    index('access_log_by_time').on(table.at),
    index('access_log_by_run').on(table.runId, table.at),
    index('access_log_by_tenant').on(table.tenantId, table.at),
  ],
);
