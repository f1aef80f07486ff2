import type { App } from '../app.js';
import { toRollcallError } from '../errors.js';
import { tenantNames } from './find-tenant.js';
import { formatValue } from './print.js';
import { secretWarning } from './secret-warning.js';

/** What is no fault, but worth knowing: what tenants let us see, credentials that are about to expire, tenants that are switched off. */
export async function warningsOf(app: App, seen: readonly string[], only: string | undefined): Promise<string[]> {
  return [...(await noticed(app, new Set(seen))), ...(await expiring(app, only)), ...(await switchedOff(app, only))];
}

/** What runs have noticed beside their rows. */
async function noticed({ database }: App, tenantIds: ReadonlySet<string>): Promise<string[]> {
  const { findTenantFacts } = await import('../store/index.js');
  const { SHOW_NAMES } = await import('../jobs/sso-access/concealed-names.js');
  const nameOf = await tenantNames(database);
  const warnings = [...tenantIds].map(async (tenantId) => {
    const facts = await findTenantFacts(database, tenantId);
    const name = nameOf(tenantId);
    const secret = await secretWarning(facts, name);
    if (facts?.concealedNames !== true) return [secret];
    return [secret, `Warning: tenant ${name} conceals names in its usage reports. ${SHOW_NAMES}\n`];
  });
  return (await Promise.all(warnings)).flat().filter(Boolean);
}

/** Of the certificates that are on this machine. One of the environment that cannot be read is worth a warning as well. */
async function expiring({ config, database }: App, only: string | undefined): Promise<string[]> {
  const { certificateWarning, openCredential } = await import('../graph/index.js');
  const { describeTenants } = await import('../describe-tenants.js');
  const { loginOf } = await import('../open-tenant.js');
  const warnings: string[] = [];
  for (const { tenantId, name, enabled, access } of await describeTenants(config, database)) {
    if (!enabled || (only !== undefined && only !== tenantId)) continue;
    const isOwn = access.from === 'environment';
    if (!isOwn && access.credential !== 'certificate') continue;
    const warning = await loginOf(tenantId, access, config.readSecret)
      .then(openCredential)
      .then(certificateWarning, (error: unknown) => (isOwn ? toRollcallError(error).message : undefined));
    if (warning !== undefined) warnings.push(`Warning: ${isOwn ? '' : `${name}: `}${warning}\n`);
  }
  return warnings;
}

/** Of tenants that nobody could log in to: since when, and why. */
export async function unreadTenants({ database }: App, only: string | undefined): Promise<string[]> {
  const { failedLogins, listTenants } = await import('../store/index.js');
  const nameOf = await tenantNames(database);
  const off = (await listTenants(database)).filter(({ disabledAt }) => disabledAt !== null);
  return (await failedLogins(database))
    .filter(({ tenantId }) => only === undefined || tenantId === only)
    .filter(({ tenantId }) => off.every((each) => each.tenantId !== tenantId))
    .map(
      ({ tenantId, loginFailedAt, loginError, loginAdvice }) =>
        `\n${nameOf(tenantId)} is not read since ${isoOf(loginFailedAt)}: ${formatValue(loginError)}\n  ${formatValue(loginAdvice)}\n`,
    );
}

async function switchedOff({ database }: App, only: string | undefined): Promise<string[]> {
  const { listTenants } = await import('../store/index.js');
  const off = (await listTenants(database)).filter(({ disabledAt }) => disabledAt !== null);
  return off
    .filter(({ tenantId }) => only === undefined || tenantId === only)
    .map(({ name, disabledAt, removingAt }) =>
      removingAt === null
        ? `${name} is disabled since ${isoOf(disabledAt)}.\n`
        : `${name} is being removed since ${isoOf(removingAt)}. If nobody is at it: rollcall tenants remove ${JSON.stringify(name)}\n`,
    );
}

const isoOf = (instant: string | null) => (instant === null ? 'an unknown time' : new Date(instant).toISOString());
