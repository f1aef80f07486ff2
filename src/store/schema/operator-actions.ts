import { sql } from 'drizzle-orm';
import { bigint, check, index, jsonb, text, uuid } from 'drizzle-orm/pg-core';
import { oneOf } from './one-of.js';
import { contract, data } from './schemas.js';
import { instant } from './sync-columns.js';

/**
 * `begun` until it ends; it stays so if the process was killed in between. `refused`: Rollcall said no, and why is in
 * `error_code`.
 */
const ENDS = ['begun', 'done', 'refused', 'failed'] as const;

/** The ways in which a person can tell Rollcall something. */
const WAYS = ['command-line', 'console'] as const;

/** What people told Rollcall to do. Kept for ever, the rows about a removed tenant as well: auditors ask about it. */
export const operatorActions = data.table(
  'operator_actions',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    at: instant('at').notNull().defaultNow(),
    endedAt: instant('ended_at'),
    /** Null if it is about no single tenant. */
    tenantId: uuid('tenant_id'),
    /** The words of the command, without its arguments: `tenants add`. */
    action: text('action').notNull(),
    task: text('task'),
    runId: uuid('run_id'),
    outcome: text('outcome', { enum: ENDS }).notNull().default('begun'),
    errorCode: text('error_code'),
    /** The user as the system knows it. */
    actor: text('actor').notNull(),
    /** Who the user says to be, if it is somebody else: before `sudo`, for example. A claim, which anybody can make. */
    claimedActor: text('claimed_actor'),
    way: text('way', { enum: WAYS }).notNull(),
    host: text('host').notNull(),
    /** What was told and what came of it: a small object, without secrets. */
    details: jsonb('details').$type<Readonly<Record<string, unknown>>>().notNull().default({}),
  },
  (table) => [
    check('operator_actions_outcome', oneOf(table.outcome, ENDS)),
    check('operator_actions_way', oneOf(table.way, WAYS)),
    check('operator_actions_ended', sql`(${table.outcome} = 'begun') = (${table.endedAt} is null)`),
    index('operator_actions_by_time').on(table.at),
    index('operator_actions_by_tenant').on(table.tenantId, table.at),
    index('operator_actions_by_run').on(table.runId),
  ],
);

export const operatorActionsView = contract
  .view('operator_actions')
  .as((query) => query.select().from(operatorActions));
