import type { WorkingApp } from '../app.js';
import type { CliContext } from './context.js';
import { tenantNames } from './lookup.js';

/** Those of the tenants asked for that somebody could log in to. */
export function servedOf({ tenants, tenantIds }: WorkingApp): string[] {
  const served = new Set(tenants.list().map(({ tenantId }) => tenantId));
  return tenantIds.filter((tenantId) => served.has(tenantId));
}

/** Says which tenants could not be logged in to, and why; the exit code tells of it as well. */
export async function reportUnreachable(app: WorkingApp, context: CliContext): Promise<void> {
  const nameOf = await tenantNames(app.database);
  for (const [tenantId, { message, advice }] of app.tenants.failures()) {
    context.err.write(`\n${nameOf(tenantId)} was not read: ${message}\n  What to do: ${advice}\n`);
    context.setExitCode(1);
  }
}
