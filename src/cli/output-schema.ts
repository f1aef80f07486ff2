import { getTableColumns, getViewSelectedFields, is, Column as DrizzleColumn } from 'drizzle-orm';
import { JOB_STATES } from '../jobs/queue/queue.js';
import { tenantFields } from '../settings/tenant.js';
import { accessLogView, operatorActions, quarantine, runs } from '../store/schema/index.js';

/** A part of a JSON Schema. */
export type JsonSchema = Readonly<Record<string, unknown>>;

const text: JsonSchema = { type: 'string' };
const uuid: JsonSchema = { type: 'string', format: 'uuid' };
const instant: JsonSchema = { type: 'string', format: 'date-time' };
const count: JsonSchema = { type: 'integer', minimum: 0 };
const flag: JsonSchema = { type: 'boolean' };
const anything: JsonSchema = {};
const oneOf = (...values: readonly (string | boolean)[]): JsonSchema => ({ enum: values });
const orNull = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, { type: 'null' }] });

/** An object with these fields and no others, all of them there unless they are among the optional ones. */
function object(properties: Readonly<Record<string, JsonSchema>>, optional: readonly string[] = []): JsonSchema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', properties, required, additionalProperties: false };
}

const snakeCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The fields of rows as `toFacts` writes them, by the columns of their table. */
function fieldsOf(columns: Readonly<Record<string, unknown>>): Readonly<Record<string, JsonSchema>> {
  const fields = Object.entries(columns).map(([name, column]) => {
    if (!is(column, DrizzleColumn)) return [snakeCase(name), anything] as const;
    const schema = typeOf(column);
    return [snakeCase(name), column.notNull ? schema : orNull(schema)] as const;
  });
  return Object.fromEntries(fields);
}

function typeOf({ columnType, dataType, enumValues }: DrizzleColumn): JsonSchema {
  if (enumValues !== undefined && enumValues.length > 0) return oneOf(...enumValues);
  if (columnType === 'PgUUID') return uuid;
  if (columnType.startsWith('PgTimestamp')) return instant;
  if (dataType === 'number') return { type: 'number' };
  if (dataType === 'boolean') return flag;
  return dataType === 'string' ? text : anything;
}

function settingOf(name: string): JsonSchema {
  if (name === 'tenant_id') return uuid;
  if (name === 'domain_names') return { type: 'array', items: text };
  return { type: ['string', 'boolean', 'null'] };
}

const runFields = fieldsOf(getTableColumns(runs));
const run = object(runFields);
/** As the file of tenants has them; the tenant of the environment has no name. */
const SETTINGS = Object.fromEntries(
  Object.keys(tenantFields.shape).map((name) => [name, name === 'name' ? orNull(text) : settingOf(name)]),
);
const tenantFacts = {
  ...SETTINGS,
  state: oneOf('enabled', 'disabled', 'being removed', 'login fails'),
  created_at: instant,
  changed_at: orNull(instant),
  disabled_at: orNull(instant),
  login_error: orNull(text),
  login_advice: orNull(text),
  described_by: oneOf('database', 'environment'),
};
const OF_KEPT = ['role', 'disabled', 'created_at', 'changed_at', 'disabled_at', 'login_error', 'login_advice'];
const tenant = object(tenantFacts, OF_KEPT);
const dryRun = object({
  task: text,
  tenant_id: uuid,
  dry_run: oneOf(true),
  would_end: text,
  ...Object.fromEntries(
    ['added', 'changed', 'removed', 'unchanged', 'filtered', 'quarantined', 'skipped'].map((name) => [name, count]),
  ),
  skipped_parents: anything,
  doubts: { type: 'array', items: text },
});
const difference = object({
  table: text,
  kind: oneOf('added', 'changed', 'removed'),
  reason: orNull(text),
  row_key: { type: 'object' },
  before: orNull({ type: 'object' }),
  after: orNull({ type: 'object' }),
});
const NOTICES = [
  'login_failed',
  'disabled',
  'being_removed',
  'secret_expiring',
  'certificate_expiring',
  'names_concealed',
];

/** What one line of `--json` holds, by the command that prints it. */
export const OUTPUTS: Readonly<Record<string, JsonSchema>> = {
  sync: { anyOf: [run, dryRun, difference] },
  replay: run,
  cancel: run,
  runs: run,
  demo: run,
  status: {
    anyOf: [
      object({ ...runFields, kind: oneOf('run'), tenant: text, next: text }),
      object({ kind: oneOf(...NOTICES), tenant_id: uuid, tenant: text, since: orNull(instant), says: text }),
    ],
  },
  jobs: object({
    id: text,
    state: oneOf(...JOB_STATES),
    task: text,
    tenant_id: orNull(uuid),
    run_id: orNull(uuid),
    added_at: instant,
    due_at: orNull(instant),
    attempts: count,
    error: orNull(text),
    advice: orNull(text),
  }),
  release: object({ run: uuid, task: text, removed: count }),
  discard: object({ run: uuid, task: text, kept: count }),
  quarantine: object(fieldsOf(getTableColumns(quarantine))),
  'access-log': object(fieldsOf(getViewSelectedFields(accessLogView))),
  actions: object(fieldsOf(getTableColumns(operatorActions))),
  doctor: object({
    tenant_id: orNull(uuid),
    check: text,
    level: oneOf('ok', 'warning', 'problem'),
    found: text,
    advice: text,
  }),
  migrate: object({ database: text, applied: count }),
  query: { type: 'object', description: 'The columns of the statement, by their names.' },
  'tenants list': tenant,
  'tenants show': tenant,
  'tenants add': tenant,
  'tenants update': tenant,
  'tenants disable': object({ name: text, tenant_id: uuid, state: oneOf('disabled') }),
  'tenants enable': object({ name: text, tenant_id: uuid, state: oneOf('enabled') }),
  'tenants remove': object({ name: text, tenant_id: uuid, rows: count }),
  'tenants apply': object({
    kind: oneOf('add', 'change', 'remove'),
    name: text,
    tenant_id: uuid,
    fields: { type: 'object' },
  }),
};

/** The published schema: a definition for each command, under its name. */
export const outputSchema = (): JsonSchema => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'What commands of Rollcall print with --json: one object a line',
  $defs: OUTPUTS,
});
