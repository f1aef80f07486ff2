import type { App } from '../../../app.js';
import { RollcallError } from '../../../errors.js';
import { checkTenant, tenantToCheck, type Finding } from '../../../doctor/index.js';
import type { TenantSettings } from '../../../settings/tenant.js';
import type { CliContext } from '../../context.js';
import { fromSettings } from '../../../tenants/configured.js';
import { tasks } from '../../../jobs/registry.js';
import { createAccessLog } from '../../../store/index.js';

/**
 * Lets the doctor check a tenant with these settings, and refuses it if something would not work, unless forced. Prints the
 * warnings.
 * @throws RollcallError `tenant_refused`
 */
export async function checkBefore(
  app: App,
  settings: TenantSettings,
  { signal, err }: CliContext,
  { force = false }: { force?: boolean | undefined },
): Promise<void> {
  const findings = await findingsOn(app, settings, signal);
  const problems = findings.filter(({ level }) => level === 'problem');
  if (problems.length > 0 && !force) throw refused(settings.name, problems);
  for (const finding of findings.filter(({ level }) => level !== 'ok'))
    err.write(`${settings.name}: ${tell(finding)}\n`);
}

async function findingsOn({ config, log, database }: App, settings: TenantSettings, signal: AbortSignal) {
  const accessLog = createAccessLog({ asker: 'doctor', retentionDays: config.accessLogDays, log });
  accessLog.writeTo(database);
  try {
    const tenant = tenantToCheck(config, fromSettings(settings, config));
    const record = accessLog.for(tenant.account);
    // It has not been read yet.
    const assignedGroups = () => Promise.resolve([]);
    return await checkTenant({ ...tenant, tasks, log, signal, record, assignedGroups });
  } finally {
    await accessLog.close();
  }
}

const tell = ({ check, level, found, advice }: Finding) =>
  `${level}, ${check}: ${found}${advice === undefined ? '' : `\n  What to do: ${advice}`}`;

const refused = (name: string, problems: readonly Finding[]) =>
  new RollcallError(
    'tenant_refused',
    `${name} cannot be read with these settings; nothing was changed:\n  ${problems.map(({ check, found }) => `${check}: ${found}`).join('\n  ')}`,
    `${problems.flatMap(({ advice }) => advice ?? []).join(' ')} With --force it is saved anyway, and read as soon as it can be.`,
  );
