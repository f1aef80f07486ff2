import type { Pool } from 'pg';
import { RollcallError, systemCode } from '../../errors.js';
import type { Database } from '../database.js';
import { expectedFunctions, expectedRelations } from './expected-parts.js';
import type { Patience } from '../locks/patience.js';

/** Something that a restore, an administrator or a change by hand has left out, given away or changed. */
export interface PartFault {
  /** Such as `rollcall_data.users`. */
  readonly subject: string;
  readonly fault: string;
  /** What an administrator types; empty if a statement cannot bring it back. */
  readonly remedy: string;
  /** `function`: a migration's own statement makes it again. `view`: readers miss it, and the worker does not. */
  readonly kind: 'table' | 'view' | 'function' | 'right' | 'owner';
}

// Whoever hardens a server takes these from everybody. Locks, waits and turns need them.
const SYSTEM_FUNCTIONS = [
  'pg_advisory_lock(bigint)',
  'pg_advisory_unlock(bigint)',
  'pg_lock_status()',
  'pg_notify(text,text)',
];
const SYSTEM_VIEWS = ['pg_locks', 'pg_roles'];

// By the catalog alone, and none of our functions: any of them may be missing. $1: relations, $2: functions, $3: functions and
// $4: views of Postgres, $5: schemas whose relations we only use.
const FAULTS = `
  with me as (select quote_ident(current_user) as who),
  relation as (
    select format('%I.%I', e.schema, e.name) as subject, e.schema, e.columns, e."hasKey", c.oid
    from json_to_recordset($1) as e(schema text, name text, columns json, "hasKey" boolean)
    left join pg_class c on c.relname = e.name and c.relnamespace = (select oid from pg_namespace where nspname = e.schema)),
  function as (
    select e.*, p.oid, p.prosrc, p.prosecdef, p.proconfig
    from json_to_recordset($2) as e(name text, body text, definer boolean, "searchPath" text)
    left join pg_proc p on p.pronamespace = (select oid from pg_namespace where nspname = split_part(e.name, '.', 1))
      and p.proname = split_part(split_part(e.name, '.', 2), '(', 1)
      and pg_get_function_identity_arguments(p.oid) ~ ('^(\\w+ )?' || split_part(rtrim(e.name, ')'), '(', 2) || '$')),
  ours as (
    select c.oid, format('%I.%I', n.nspname, c.relname) as subject, n.nspname, c.relkind, c.relispartition, c.relowner,
      case c.relkind when 'S' then 'sequence' else 'table' end as kind
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = any ($5) or (n.nspname in ('rollcall_data', 'rollcall_staging') and c.relkind in ('r', 'p', 'S'))),
  faults (kind, subject, fault, remedy) as (
    select case schema when 'rollcall' then 'view' else 'table' end, subject, 'it is missing', '' from relation where oid is null
    union all
    select case schema when 'rollcall' then 'view' else 'table' end, subject, format('its column %s is missing', wanted), ''
    from relation r cross join json_array_elements_text(columns) as wanted
    where r.oid is not null and not exists (
      select from pg_attribute a where a.attrelid = r.oid and a.attname = wanted and not a.attisdropped)
    union all
    select 'table', subject, 'its primary key is missing', '' from relation
    where oid is not null and "hasKey" and not exists (select from pg_index where indrelid = relation.oid and indisprimary and indisvalid)
    union all
    select 'function', name, case when oid is null then 'it is missing' else 'it is not as Rollcall made it' end, ''
    from function where oid is null or prosrc <> body or prosecdef <> definer or proconfig is distinct from array["searchPath"]
    union all
    select 'right', nspname, format('%s may not use the schema or make tables in it', me.who),
      format('grant usage, create on schema %I to %s', nspname, me.who)
    from pg_namespace cross join me
    where (nspname = any ($5) or nspname in ('rollcall_data', 'rollcall_staging'))
      and not (has_schema_privilege(oid, 'usage') and has_schema_privilege(oid, 'create'))
    union all
    select 'right', 'rollcall', format('%s may not use the schema', me.who), format('grant usage on schema rollcall to %s', me.who)
    from pg_namespace cross join me where nspname = 'rollcall' and not has_schema_privilege(oid, 'usage')
    union all
    select 'owner', subject, format('it belongs to %I, and %s is no member of that role', pg_get_userbyid(relowner), me.who),
      format('alter %s %s owner to %s', kind, subject, me.who)
    from ours cross join me where nspname = 'rollcall_data' and relkind <> 'S' and not pg_has_role(relowner, 'usage')
    union all
    select 'right', subject, format('%s may not read and write it', me.who), format('grant all on %s %s to %s', kind, subject, me.who)
    from ours cross join me
    where relkind in ('r', 'p') and not relispartition
      and not (has_table_privilege(oid, 'select') and has_table_privilege(oid, 'insert') and has_table_privilege(oid, 'update')
        and has_table_privilege(oid, 'delete'))
    union all
    select 'right', subject, format('%s may not count with it', me.who), format('grant all on sequence %s to %s', subject, me.who)
    from ours cross join me where case relkind when 'S' then not has_sequence_privilege(oid, 'usage') else false end
    union all
    select 'right', name, format('%s may not call it', me.who), format('grant execute on function pg_catalog.%s to %s', name, me.who)
    from unnest($3::text[]) as name cross join me where not has_function_privilege('pg_catalog.' || name, 'execute')
    union all
    select 'right', name, format('%s may not read it', me.who), format('grant select on pg_catalog.%s to %s', name, me.who)
    from unnest($4::text[]) as name cross join me where not has_table_privilege('pg_catalog.' || name, 'select'))
  select kind, subject, fault, remedy from faults
  order by case kind when 'owner' then 1 when 'right' then 2 when 'table' then 3 when 'view' then 4 else 5 end, subject, fault`;

/**
 * Looks whether everything is there that this version needs, and ours to use, in one query of the catalog. Of a database that
 * is migrated, or was.
 */
export async function examineParts(pool: Pool): Promise<readonly PartFault[]> {
  return faultsOf(pool, { relations: expectedRelations(), functions: expectedFunctions(), schemas: [] });
}

/**
 * The same of a schema that a library fills, whose tables only have to be ours to use.
 * @throws RollcallError `database_failed`
 */
export async function requireUse(pool: Pool, schema: string): Promise<void> {
  const faults = await faultsOf(pool, { relations: [], functions: [], schemas: [schema] });
  const own = faults.filter(({ subject }) => subject === schema || subject.startsWith(`${schema}.`));
  if (own.length > 0) throw unusable(own);
}

/**
 * Makes functions again that are missing or changed, and refuses what no statement of ours can bring back.
 * @throws RollcallError `database_failed`, `database_unsafe`
 */
export async function requireParts({ pool }: Pick<Database, 'pool'>, { tell }: Patience = {}): Promise<void> {
  const faults = await examineParts(pool);
  const stopping = faults.filter(({ kind }) => kind !== 'function' && kind !== 'view');
  if (stopping.length > 0) throw unusable(stopping);
  const views = faults.filter(({ kind }) => kind === 'view');
  if (views.length > 0) tell?.(unusable(views).message);
  const changed = faults.filter(({ kind }) => kind === 'function');
  if (changed.length === 0) return;
  try {
    for (const { name, statement } of expectedFunctions())
      if (changed.some(({ subject }) => subject === name)) await pool.query(statement);
  } catch (error) {
    if (systemCode(error) !== '42501') throw error;
    const { message } = unusable(changed);
    throw new RollcallError('database_unsafe', message, BY_ADMINISTRATOR, { cause: error });
  }
  tell?.(`${unusable(changed).message}; made again`);
}

const BY_ADMINISTRATOR =
  'Row-level security hangs on these functions, and they are not ours to change. Run `rollcall migrate` once with a DATABASE_URL of an administrator, or give them to the role of DATABASE_URL: alter function … owner to ….';

interface Expected {
  readonly relations: readonly object[];
  readonly functions: readonly object[];
  readonly schemas: readonly string[];
}

async function faultsOf(pool: Pool, { relations, functions, schemas }: Expected): Promise<PartFault[]> {
  const { rows } = await pool.query<PartFault>(FAULTS, [
    JSON.stringify(relations),
    JSON.stringify(functions),
    SYSTEM_FUNCTIONS,
    SYSTEM_VIEWS,
    schemas,
  ]);
  return rows;
}

const MOST_NAMED = 5;

/** What is wrong with some parts, and what to do about it. */
export function unusable(faults: readonly PartFault[]): RollcallError {
  const isLost = faults.some(({ remedy }) => remedy === '');
  const more = faults.length > MOST_NAMED ? `; and ${faults.length - MOST_NAMED} more` : '';
  const named = faults.slice(0, MOST_NAMED).map(({ subject, fault }) => `${subject}: ${fault}`);
  const remedies = [...new Set(faults.map(({ remedy }) => remedy))].filter((remedy) => remedy !== '');
  const others = remedies.length > MOST_NAMED ? `; and so on, ${remedies.length} in all` : '';
  const rights =
    remedies.length === 0 ? '' : `As an administrator: ${remedies.slice(0, MOST_NAMED).join('; ')}${others}. `;
  return new RollcallError(
    'database_failed',
    `The database is not as Rollcall made it: ${named.join('; ')}${more}`,
    `${rights}${isLost ? 'What is missing comes back with a whole backup, restored into an empty database. ' : ''}docs/operating.md says more under "Backup, restore, copy, upgrade".`,
  );
}
