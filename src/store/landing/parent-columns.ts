import { sql, type SQL } from 'drizzle-orm';
import type { SyncTable } from './sync-table.js';

/** The column of a property. */
export function columnOf({ key, content }: SyncTable, property: string): SQL {
  const column = [...key, ...content].find((each) => each.property === property);
  if (column === undefined) throw new Error(`no column for ${property}`);
  return sql`${sql.identifier(column.name)}`;
}

export const toArray = (ids: readonly string[]): SQL => sql`${`{${ids.join(',')}}`}::uuid[]`;
