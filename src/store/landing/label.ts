import { sql, type SQL } from 'drizzle-orm';
import { servicePrincipals, users } from '../schema/index.js';

/** What people call a row: the first of some columns that has a value; or who is given something, and where. */
export type Label<Property extends string = string> =
  readonly Property[] | { readonly who: Property; readonly where: Property };

/** A label as SQL, with the id of what has no name. */
export function labelOf(label: Label, alias: string, columnOf: (property: string) => string): SQL {
  const row = sql.identifier(alias);
  const cell = (property: string) => sql`${row}.${sql.identifier(columnOf(property))}`;
  if (!('who' in label)) {
    const cells = label.map((property) => sql`${cell(property)}::text`);
    return sql`coalesce(${sql.join(cells, sql`, `)})`;
  }
  return sql`concat_ws(' in ',
    coalesce((select coalesce(u.display_name, u.user_principal_name) from ${users} u
              where u.tenant_id = ${row}.tenant_id and u.user_id = ${cell(label.who)}), ${cell(label.who)}::text),
    coalesce((select p.application_name from ${servicePrincipals} p
              where p.tenant_id = ${row}.tenant_id and p.app_instance_id = ${cell(label.where)}), ${cell(label.where)}::text))`;
}
