import type { GraphObject } from '../tenant/graph-object.js';

/** What Graph's metadata says about one type of object. */
export interface ObjectType {
  /** `user` of `microsoft.graph.user`. */
  readonly name: string;
  readonly properties: ReadonlySet<string>;
  /** Defaults of the properties that are never null. */
  readonly notNull: ReadonlyMap<string, unknown>;
  /** What comes without `$select`, in this order. */
  readonly defaults: readonly string[];
  /** Stored outside the directory: a collection cannot return them. */
  readonly outside: ReadonlySet<string>;
}

/** Makes the JSON of one object with exactly these properties. */
export function projector(
  type: ObjectType,
  fields: readonly string[],
): (object: GraphObject) => Record<string, unknown> {
  const empty = fields.map((field) => [field, type.notNull.get(field) ?? null] as const);
  return (object) => {
    const projected: Record<string, unknown> = {};
    // Marks the kinds that derive from the type, such as an agent among the users.
    if (object['@odata.type'] !== undefined) projected['@odata.type'] = object['@odata.type'];
    for (const [field, missing] of empty) {
      const value = object[field];
      if (value !== undefined) projected[field] = value;
      // Someone who never signed in has no activity at all, not an empty one.
      else if (field !== 'signInActivity') projected[field] = missing;
    }
    return projected;
  };
}

/** The names in a text, for tables that read better as text than as arrays. */
export function names(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}
