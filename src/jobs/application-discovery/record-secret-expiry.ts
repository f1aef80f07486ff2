import { RetryLater, RollcallError } from '../../errors.js';
import { noteSecretExpiry } from '../../store/index.js';
import type { AfterReadOptions } from '../task.js';

/** Graph's answers that mean that we may not see it. */
const HIDDEN = new Set(['graph_forbidden', 'graph_not_found', 'graph_bad_request']);

/** Records when our own client secret expires, for `status`. The permission to read applications suffices. */
export async function recordSecretExpiry({ client, graph, database, tenantId }: AfterReadOptions): Promise<void> {
  try {
    await noteSecretExpiry(database, tenantId, await client.secretExpiry(graph));
  } catch (error) {
    if (error instanceof RollcallError && HIDDEN.has(error.code)) {
      await noteSecretExpiry(database, tenantId, undefined);
      return;
    }
    // If Graph is in trouble, what was known still holds, and the next run looks again.
    const isTrouble =
      error instanceof RetryLater || (error instanceof RollcallError && error.code.startsWith('graph_'));
    if (!isTrouble) throw error;
  }
}
