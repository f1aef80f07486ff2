/**
 * What a request costs, from the base cost of its path.
 * @see https://learn.microsoft.com/graph/throttling-limits#identity-and-access-service-limits
 */
export function resourceUnits(base: number, query: URLSearchParams): number {
  const top = query.get('$top');
  const select = query.has('$select') ? -1 : 0;
  const expand = query.has('$expand') ? 1 : 0;
  const small = top !== null && Number(top) < 20 ? -1 : 0;
  return Math.max(1, base + select + expand + small);
}
