import { sql, type SQL } from 'drizzle-orm';

const COLUMNS = [
  'tenant_id',
  'user_id',
  'application_id',
  'anonymized',
  'pseudonym',
  'login_count',
  'interrupted_count',
  'failed_count',
  'last_login',
  'login_location',
  'last_sign_in',
  'user_principal_name',
  'application_name',
] as const;

/** The columns of a total, as those of a table. */
export const totalsOf = (alias: string): SQL => sql.raw(COLUMNS.map((column) => `${alias}.${column}`).join(', '));

export const TOTALS: SQL = sql.raw(COLUMNS.join(', '));

/** One event in the shape of a total, with its id, which decides between two of the same moment. */
export const eventAsTotals = (alias: string): SQL =>
  sql.raw(
    `e.user_id, e.application_id, e.anonymized, e.pseudonym, (e.error_code is not distinct from 0)::int as login_count,
     e.interrupted::int as interrupted_count,
     (e.error_code <> 0 and e.error_code is not null and not e.interrupted)::int as failed_count,
     case when e.error_code = 0 then e.created_at end as last_login, case when e.error_code = 0 then e.location end as login_location,
     e.created_at as last_sign_in, e.user_principal_name, e.application_name, e.event_id`.replaceAll('e.', `${alias}.`),
  );

/** Adds up parts in the shape of totals (with an event id) to one total per user, or pseudonym, and application. */
export const sumOf = (parts: SQL): SQL => sql`
  select tenant_id, user_id, application_id, anonymized, pseudonym,
         sum(login_count)::bigint as login_count, sum(interrupted_count)::bigint as interrupted_count, sum(failed_count)::bigint as failed_count, max(last_login) as last_login,
         (array_agg(login_location order by last_login desc nulls last, event_id desc))[1] as login_location,
         max(last_sign_in) as last_sign_in,
         (array_agg(user_principal_name order by last_sign_in desc, event_id desc))[1] as user_principal_name,
         (array_agg(application_name order by last_sign_in desc, event_id desc))[1] as application_name
  from (${parts}) parts group by tenant_id, user_id, application_id, anonymized, pseudonym`;

/** Adds a total of later or earlier events to one that stands (in `on conflict … do update`); none may be of the same moment. */
export const addition = (stored: string): SQL => {
  const latest = (column: string, by: string) =>
    `${column} = case when ${stored}.${by} is null or excluded.${by} > ${stored}.${by} then excluded.${column} else ${stored}.${column} end`;
  return sql.raw(
    [
      `login_count = ${stored}.login_count + excluded.login_count`,
      `interrupted_count = ${stored}.interrupted_count + excluded.interrupted_count`,
      `failed_count = ${stored}.failed_count + excluded.failed_count`,
      latest('login_location', 'last_login'),
      latest('user_principal_name', 'last_sign_in'),
      latest('application_name', 'last_sign_in'),
      `last_login = greatest(${stored}.last_login, excluded.last_login)`,
      `last_sign_in = greatest(${stored}.last_sign_in, excluded.last_sign_in)`,
    ].join(', '),
  );
};

/** Whether two rows are of the same user, or pseudonym, in the same application. */
export const samePair = (a: string, b: string): SQL =>
  sql.raw(
    ['user_id', 'application_id', 'anonymized', 'pseudonym']
      .map((column) => `${a}.${column} = ${b}.${column}`)
      .join(' and '),
  );
