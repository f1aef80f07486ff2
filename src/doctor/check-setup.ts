import PQueue from 'p-queue';
import type { Config } from '../settings/config.js';
import { tasks } from '../jobs/registry.js';
import type { Logger } from '../log.js';
import { createAccessLog, findKnownGroups } from '../store/index.js';
import { checkDatabase } from './database.js';
import { problem, type Finding } from './finding.js';
import { checkProxy } from './proxy.js';
import { checkQueue } from './queue.js';
import { tenantsToCheck, type TenantToCheck } from './tenants-to-check.js';
import { checkTenant } from './tenant.js';

export interface CheckOptions {
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** The name or id of one tenant; all of them if undefined. */
  readonly only?: string | undefined;
}

/** The findings about this machine, or about one tenant. */
export interface Report {
  readonly tenant: Pick<TenantToCheck, 'tenantId' | 'name'> | null;
  readonly findings: readonly Finding[];
}

const TENANTS_AT_ONCE = 4;

/**
 * Checks everything that a worker needs, and every tenant. Changes nothing. Requests are recorded in the access log if the
 * database can be used.
 * @throws RollcallError `not_found`
 */
export async function checkSetup(config: Config, { log, signal, only }: CheckOptions): Promise<Report[]> {
  const accessLog = createAccessLog({ asker: 'doctor', retentionDays: config.accessLogDays, log });
  const [database, proxy] = await Promise.all([checkDatabase(config, log), checkProxy(config)]);
  try {
    if (database.usable !== undefined) accessLog.writeTo(database.usable);
    const queue = await checkQueue(config, database.usable, log);
    const tenants = await tenantsToCheck(config, database, only);
    const hasNoTenant = tenants.length === 0 && !database.hidesTenants;
    const here = [...database.findings, queue, proxy, ...(hasNoTenant ? [NO_TENANT] : [])];
    const checks = new PQueue({ concurrency: TENANTS_AT_ONCE });
    const reports = tenants.map((tenant) => async (): Promise<Report> => {
      const { tenantId, name, account } = tenant;
      const assignedGroups = async () =>
        database.usable === undefined ? [] : findKnownGroups(database.usable.db, { tenantId });
      const record = accessLog.for(account);
      const findings = await checkTenant({ ...tenant, tasks, log, signal, record, assignedGroups });
      return { tenant: { tenantId, name }, findings };
    });
    return [{ tenant: null, findings: here }, ...(await checks.addAll(reports))];
  } finally {
    await accessLog.close();
    await database.close();
  }
}

const NO_TENANT = problem(
  'tenant',
  'no tenant is configured',
  'Set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET (.env.example shows all settings), or add a tenant (rollcall tenants add --help): see docs/setup.md.',
);
