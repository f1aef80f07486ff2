/** What a process was doing when it was killed; of several things at once, the one that is furthest. */
export const MOMENTS = ['login', 'read', 'stage', 'merge', 'between'] as const;
export type Moment = (typeof MOMENTS)[number];

export interface Sight {
  readonly moment: Moment;
  /** The tasks whose runs it had. */
  readonly tasks: readonly string[];
}

/** Asks a database; gives undefined where there is none yet. */
export interface Asked {
  rows<T extends object>(sql: string, values: unknown[]): Promise<T[] | undefined>;
}

interface Facts {
  readonly connections: number;
  readonly staging: boolean;
  readonly merging: boolean;
  readonly tasks: string[];
}

/**
 * Looks at what a process holds in Postgres. Its locks say it more exactly than its statements: a run has its run lock, a
 * page is being staged while staging tables are locked for writing, a merge is a transaction that has touched cursors or rows.
 * @param name what the connections of the process call themselves
 */
export async function look(database: Asked, name: string, tenantId: string, tasks: readonly string[]): Promise<Sight> {
  const found = await database.rows<Facts>(SQL, [name, tenantId, tasks]);
  const [facts = NOTHING] = found ?? [];
  return { moment: momentOf(facts), tasks: facts.tasks };
}

const NOTHING: Facts = { connections: 0, staging: false, merging: false, tasks: [] };

function momentOf({ connections, staging, merging, tasks }: Facts): Moment {
  // The login comes first, and the database after it.
  if (connections === 0) return 'login';
  if (merging) return 'merge';
  if (staging) return 'stage';
  return tasks.length > 0 ? 'read' : 'between';
}

const SQL = `
  with mine as (select pid from pg_stat_activity where datname = current_database() and application_name = $1),
       held as (
         select l.mode, n.nspname as schema, c.relname as name,
                l.relation is not null and c.oid is null as made_by_itself
         from pg_locks l join mine using (pid) left join pg_class c on c.oid = l.relation
         left join pg_namespace n on n.oid = c.relnamespace
         where l.granted)
  select (select count(*)::int from mine) as connections,
         coalesce(bool_or(mode in ('RowExclusiveLock', 'AccessExclusiveLock') and (schema = 'rollcall_staging' or made_by_itself)), false)
           as staging,
         coalesce(bool_or(schema = 'rollcall_data' and (name = 'cursors' or mode = 'RowExclusiveLock' and name not in ('runs', 'access_log'))), false)
           as merging,
         array(select task from unnest($3::text[]) task
               where exists (select from rollcall_staging.locks l join mine using (pid) where l.name = 'run ' || $2 || ' ' || task))
           as tasks
  from held`;
