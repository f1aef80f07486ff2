import type { z } from 'zod';

/**
 * The `$select` that a schema needs: its keys, without OData's own (`@odata.type` and the like come by themselves).
 * Graph checks it as a whole: one unknown property fails the request.
 * @see https://learn.microsoft.com/graph/query-parameters#select-parameter
 */
export function selectOf(schema: z.ZodObject): string {
  return Object.keys(schema.shape)
    .filter((name) => !name.startsWith('@'))
    .join(',');
}

/** A path with OData query options, encoded. `$` stays readable: it is allowed in a query. */
export function withQuery(path: string, options: Readonly<Record<string, string | number>>): string {
  const query = Object.entries(options).map(
    ([name, value]) => `${name}=${encodeURIComponent(value).replaceAll('%2C', ',')}`,
  );
  return query.length === 0 ? path : `${path}?${query.join('&')}`;
}
