import { badRequest, GraphFailure } from './graph-failure.js';
import type { ObjectType } from './object-type.js';

/**
 * The properties that `$select` names. One that the type does not have spoils the whole request.
 * @see https://learn.microsoft.com/graph/query-parameters#select-parameter
 */
export function selected(type: ObjectType, select: string | null): readonly string[] {
  if (select === null || select.trim() === '') return type.defaults;
  const fields = select.split(',').map((name) => name.trim());
  for (const field of fields) {
    // The directory's types are open: extensions exist without being declared.
    if (type.properties.has(field) || field.startsWith('extension_')) continue;
    throw badRequest(`Could not find a property named '${field}' on type 'microsoft.graph.${type.name}'.`);
  }
  return [...new Set(fields)];
}

/** Refuses what lies outside the directory. @see https://learn.microsoft.com/graph/api/user-list */
export function refuseOutside(type: ObjectType, fields: readonly string[]): void {
  if (fields.some((field) => type.outside.has(field))) {
    throw new GraphFailure(501, 'NotImplemented', 'This operation target is not yet supported.');
  }
}
