import type { Database } from './database.js';

/** What a server says of itself, and of what we may do there. */
export interface ServerFacts {
  /** Such as `18.4`. */
  readonly version: string;
  readonly major: number;
  /** Whether our role may create schemas in the database, or somebody has made them for it. */
  readonly mayCreate: boolean;
}

export async function serverFacts({ pool }: Database): Promise<ServerFacts> {
  const { rows } = await pool.query<{ version: string; number: string; may_create: boolean }>(
    `select current_setting('server_version') as version, current_setting('server_version_num') as number,
            has_database_privilege(current_database(), 'create') or 3 = (
              select count(*) from pg_namespace where nspname in ('rollcall', 'rollcall_data', 'rollcall_staging')
                and has_schema_privilege(oid, 'create')) as may_create`,
  );
  const { version = '', number = '0', may_create: mayCreate = false } = rows[0] ?? {};
  // Distributions add their own words behind the number.
  return { version: version.split(' ')[0] ?? '', major: Math.floor(Number(number) / 10_000), mayCreate };
}
