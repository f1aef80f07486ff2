import { sql, type SQL } from 'drizzle-orm';

/**
 * What people call a row of a synchronized table: the name it has; of an assignment or a membership, the names at both of
 * its ends; else its ids.
 * @param alias of the table in the query
 */
export const nameOfRow = (alias: string): SQL => {
  const row = sql`to_jsonb(${sql.identifier(alias)})`;
  const id = (column: string) => sql`(${row} ->> ${sql.raw(`'${column}'`)})::uuid`;
  const text = (column: string) => sql`(${row} ->> ${sql.raw(`'${column}'`)})`;
  const person = sql`coalesce(${id('principal_id')}, ${id('member_id')})`;
  const place = sql`coalesce(${id('app_instance_id')}, ${id('group_id')})`;
  return sql`case when ${person} is null
    then coalesce(${text('display_name')}, ${text('application_name')}, ${text('user_principal_name')},
                  ${text('user_id')}, ${place}::text, ${row}::text)
    else concat(
      coalesce((select coalesce(u.display_name, u.user_principal_name) from rollcall_data.users u
                where u.tenant_id = ${sql.identifier(alias)}.tenant_id and u.user_id = ${person}), ${person}::text),
      ' in ',
      coalesce((select p.application_name from rollcall_data.service_principals p
                where p.tenant_id = ${sql.identifier(alias)}.tenant_id and p.app_instance_id = ${place}), ${place}::text)) end`;
};
