import { z } from 'zod';
import { RollcallError } from '../../errors.js';
import type { GraphReader } from '../../graph/index.js';

const settings = z.object({ displayConcealedNames: z.boolean().nullish() });

/**
 * Whether Microsoft 365 conceals names in its usage reports; null where we may not know, or this cloud does not say.
 * @see https://learn.microsoft.com/graph/api/adminreportsettings-get
 */
export async function fetchConcealedNames(graph: GraphReader): Promise<boolean | null> {
  try {
    return readConcealedNames(await graph.get('/admin/reportSettings'));
  } catch (error) {
    // It is worth a warning in `status`, not a run.
    if (error instanceof RollcallError && error.code.startsWith('graph_')) return null;
    throw error;
  }
}

/** Reads both shapes of the answer: the entity itself, as the metadata says, and wrapped in `value`, as the page shows it. */
export function readConcealedNames(body: unknown): boolean | null {
  const wrapped = z.object({ value: settings }).safeParse(body);
  const parsed = wrapped.success ? wrapped.data.value : settings.safeParse(body).data;
  return parsed?.displayConcealedNames ?? null;
}
