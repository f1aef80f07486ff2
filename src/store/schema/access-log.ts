import { sql } from 'drizzle-orm';
import { bigint, check, index, integer, jsonb, real, text, uuid } from 'drizzle-orm/pg-core';
import { CREDENTIAL_KINDS } from '../../settings/credential.js';
import { ASKERS } from './askers.js';
import { oneOf } from './one-of.js';
import { contract, data } from './schemas.js';
import { instant } from './sync-columns.js';

/** Every exchange with Graph and with the login, a partition a day; days beyond the retention are dropped. */
export const accessLog = data.table(
  'access_log',
  {
    at: instant('at').notNull(),
    tenantId: uuid('tenant_id').notNull(),
    /** The application (client) id that asked; null for a machine's own managed identity. */
    application: text('application'),
    /** Null in this and `askedBy`: recorded by a version that did not keep it. */
    credential: text('credential', { enum: CREDENTIAL_KINDS }),
    askedBy: text('asked_by', { enum: ASKERS }),
    /** Null for a login: its token serves every run. */
    task: text('task'),
    runId: uuid('run_id'),
    method: text('method').notNull(),
    /** Without what is worthless to a reader or secret: bodies, headers, the tokens of links. */
    uri: text('uri').notNull(),
    /** Null if there was no answer; then `error` says why. */
    status: integer('status'),
    error: text('error'),
    durationMs: integer('duration_ms').notNull(),
    /** Received, as they came over the wire. */
    bytes: bigint('bytes', { mode: 'number' }).notNull(),
    /** 1, or more if the request is a repeated one. */
    attempt: integer('attempt').notNull(),
    clientRequestId: text('client_request_id'),
    requestId: text('request_id'),
    /** What Graph says the request has cost. */
    resourceUnits: real('resource_units'),
    /**
     * What was asked inside a batch, as an array of objects. Twenty rows would take four times as long to write and ten times the room;
     * the view makes them out of this.
     */
    inner: jsonb('inner_requests').$type<readonly object[]>(),
  },
  (table) => [
    check('access_log_credential', oneOf(table.credential, CREDENTIAL_KINDS)),
    check('access_log_asked_by', oneOf(table.askedBy, ASKERS)),
    index('access_log_by_time').on(table.at),
    index('access_log_by_run').on(table.runId, table.at),
    index('access_log_by_tenant').on(table.tenantId, table.at),
  ],
);

/** A join, not a union of two selects: so the index on `at` still gives the newest rows without reading all. */
export const accessLogView = contract
  .view('access_log', {
    at: instant('at').notNull(),
    tenantId: uuid('tenant_id').notNull(),
    application: text('application'),
    credential: text('credential', { enum: CREDENTIAL_KINDS }),
    askedBy: text('asked_by', { enum: ASKERS }),
    task: text('task'),
    runId: uuid('run_id'),
    method: text('method').notNull(),
    uri: text('uri').notNull(),
    status: integer('status'),
    error: text('error'),
    durationMs: integer('duration_ms'),
    bytes: bigint('bytes', { mode: 'number' }),
    attempt: integer('attempt').notNull(),
    clientRequestId: text('client_request_id'),
    requestId: text('request_id'),
    resourceUnits: real('resource_units'),
    batchId: text('batch_id'),
  })
  .as(
    sql`select l.at, l.tenant_id, l.application, l.credential, l.asked_by, l.task, l.run_id, e.method, e.uri, e.status, e.error,
       e.duration_ms, e.bytes, e.attempt, e.client_request_id, e.request_id, e.resource_units, e.batch_id
from rollcall_data.access_log l
cross join lateral (
  select l.method, l.uri, l.status, l.error, l.duration_ms, l.bytes, l.attempt, l.client_request_id, l.request_id,
         l.resource_units, null::text as batch_id
  union all
  select i.method, i.uri, i.status, i.error, null, null, i.attempt, null, i."requestId", i."resourceUnits", l.client_request_id
  from jsonb_to_recordset(l.inner_requests) as i(method text, uri text, status int, error text, attempt int, "requestId" text,
       "resourceUnits" real)
) e`,
  );
