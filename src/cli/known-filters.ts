import type { App } from '../app.js';
import { RollcallError } from '../errors.js';
import { noSuchTenant, requireRun } from './lookup.js';
import { taskNamed } from '../jobs/registry.js';
import { latestRuns, nameTenants } from '../store/index.js';

interface Filters {
  readonly tenantId?: string | undefined;
  readonly runId?: string | undefined;
}

/** @throws RollcallError `command_invalid`, which names the tasks */
export function requireTask(name: string | undefined): void {
  if (name !== undefined) taskNamed(name);
}

/** @throws RollcallError `command_invalid` if the interval ends before it begins */
export function requireInterval({ since, until }: { since?: string | undefined; until?: string | undefined }): void {
  if (since === undefined || until === undefined || Date.parse(since) < Date.parse(until)) return;
  throw new RollcallError(
    'command_invalid',
    `--since (${since}) is not before --until (${until}): nothing lies between`,
    'Swap the two, or leave one out.',
  );
}

/**
 * An empty list may mean that a tenant or a run is not known at all.
 * @throws RollcallError `not_found`
 */
export async function requireKnown({ config, database }: App, filters: Filters, found: number): Promise<void> {
  if (found > 0) return;
  const { tenantId, runId } = filters;
  if (tenantId !== undefined && !(await isKnown({ config, database }, tenantId))) throw noSuchTenant(tenantId);
  if (runId !== undefined) await requireRun(database, runId);
}

/** Described by the environment, kept, or read once. */
async function isKnown({ config, database }: Pick<App, 'config' | 'database'>, tenantId: string): Promise<boolean> {
  if (config.tenant?.tenantId === tenantId || (await nameTenants(database)).has(tenantId)) return true;
  return (await latestRuns(database, tenantId)).length > 0;
}
