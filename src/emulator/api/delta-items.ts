import type { Change } from '../tenant/change-feed.js';
import type { DirectoryTable } from '../tenant/directory-table.js';
import type { GraphObject } from '../tenant/graph-object.js';

type Item = Readonly<Record<string, unknown>>;

/** Properties that were never set are absent, not null. @see https://learn.microsoft.com/graph/api/user-delta#response */
export function initialItem(object: GraphObject, fields: readonly string[]): Item {
  return only(object, fields, (value) => value !== null);
}

/** What a delta round says about one object: its current state, even if it changed again later. */
export function changedItem(
  table: DirectoryTable,
  { id, properties, removed }: Change,
  fields: readonly string[],
  minimal: boolean,
): Item {
  const object = table.get(id);
  if (object === undefined) return { id, '@removed': { reason: removed ?? 'changed' } };
  const isChanged = (name: string): boolean => properties !== 'all' && properties.has(name);
  // A property that became null is present as null: that is the change.
  return only(
    object,
    fields,
    (value, name) => isChanged(name) || (value !== null && !(minimal && properties !== 'all')),
  );
}

function only(object: GraphObject, fields: readonly string[], keep: (value: unknown, name: string) => boolean): Item {
  const entries = fields.flatMap((name) => {
    const value = object[name];
    return value !== undefined && name !== 'id' && keep(value, name) ? [[name, value] as const] : [];
  });
  const type = object['@odata.type'];
  return { ...(type === undefined ? {} : { '@odata.type': type }), ...Object.fromEntries(entries), id: object.id };
}
