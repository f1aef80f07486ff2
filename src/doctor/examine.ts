import PQueue from 'p-queue';
import type { Config } from '../settings/config.js';
import { tasks } from '../jobs/registry.js';
import type { Logger } from '../log.js';
import { createAccessLog, findKnownGroups } from '../store/index.js';
import { examineDatabase } from './database.js';
import { problem, type Finding } from './finding.js';
import { examineProxy } from './proxy.js';
import { examineQueue } from './queue.js';
import { subjectsOf, type Subject } from './subjects.js';
import { examineTenant } from './tenant.js';

export interface ExamineOptions {
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** The name or id of one tenant; all of them unless given. */
  readonly only?: string | undefined;
}

/** What was found on this machine, or of one tenant. */
export interface Report {
  readonly tenant: Pick<Subject, 'tenantId' | 'name'> | null;
  readonly findings: readonly Finding[];
}

const TENANTS_AT_ONCE = 4;

/**
 * Looks at everything that a worker needs, and at every tenant. Changes nothing; what was asked of Graph and the login is put
 * on record where there is a database for it.
 * @throws RollcallError `not_found`
 */
export async function examine(config: Config, { log, signal, only }: ExamineOptions): Promise<Report[]> {
  const accessLog = createAccessLog({ asker: 'doctor', retentionDays: config.accessLogDays, log });
  const [database, proxy] = await Promise.all([examineDatabase(config, log), examineProxy(config)]);
  try {
    if (database.usable !== undefined) accessLog.writeTo(database.usable);
    const queue = await examineQueue(config, database.usable, log);
    const subjects = await subjectsOf(config, database, only);
    const isNobody = subjects.length === 0 && !database.hidesTenants;
    const here = [...database.findings, queue, proxy, ...(isNobody ? [NOBODY] : [])];
    const room = new PQueue({ concurrency: TENANTS_AT_ONCE });
    const reports = subjects.map((subject) => async (): Promise<Report> => {
      const { tenantId, name, account } = subject;
      const assignedGroups = async () =>
        database.usable === undefined ? [] : findKnownGroups(database.usable.db, { tenantId });
      const record = accessLog.for(account);
      const findings = await examineTenant({ ...subject, tasks, log, signal, record, assignedGroups });
      return { tenant: { tenantId, name }, findings };
    });
    return [{ tenant: null, findings: here }, ...(await room.addAll(reports))];
  } finally {
    await accessLog.close();
    await database.close();
  }
}

const NOBODY = problem(
  'tenant',
  'no tenant is configured',
  'Set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET (.env.example shows all settings), or add a tenant (rollcall tenants add --help): docs/setup.md leads there.',
);
