import { z } from 'zod';
import { RollcallError } from '../../errors.js';
import type { GraphReader } from '../../graph/index.js';

/** How an administrator makes Microsoft 365 show names again. */
export const SHOW_NAMES =
  'To switch that off: Microsoft 365 admin center, Settings, Org settings, Services, Reports: "Display concealed user, group, and site names in all reports".';

const settings = z.object({ displayConcealedNames: z.boolean().nullish() });

/** Graph's answers that mean that we may not know, or that this cloud does not tell. */
const UNKNOWABLE = new Set(['graph_forbidden', 'graph_license_missing', 'graph_not_found', 'graph_bad_request']);

/**
 * Whether Microsoft 365 conceals names in its usage reports; null if that cannot be known, undefined if Graph is in trouble:
 * what was known then still holds.
 * @see https://learn.microsoft.com/graph/api/adminreportsettings-get
 */
export async function fetchConcealedNames(graph: GraphReader): Promise<boolean | null | undefined> {
  try {
    return readConcealedNames(await graph.get('/admin/reportSettings'));
  } catch (error) {
    // It is worth a warning in `status`, but not a failed run.
    if (!(error instanceof RollcallError && error.code.startsWith('graph_'))) throw error;
    return UNKNOWABLE.has(error.code) ? null : undefined;
  }
}

/** Reads both shapes of the answer: the entity itself, as the metadata says, and wrapped in `value`, as the page shows it. */
export function readConcealedNames(body: unknown): boolean | null {
  const wrapped = z.object({ value: settings }).safeParse(body);
  const parsed = wrapped.success ? wrapped.data.value : settings.safeParse(body).data;
  return parsed?.displayConcealedNames ?? null;
}
