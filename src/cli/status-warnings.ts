import { findTenantFacts, type TenantFacts, failedLogins, listTenants } from '../store/index.js';
import type { App } from '../app.js';
import { toRollcallError } from '../errors.js';
import { tenantNames } from './lookup.js';
import { formatValue } from './print.js';
import { SHOW_NAMES } from '../jobs/sso-access/concealed-names.js';
import { certificateWarning, openCredential, endsSoon, NEW_SECRET } from '../graph/index.js';
import { configuredTenants } from '../tenants/configured.js';

/** A note next to the runs, for a person and for a program. */
export interface Notice {
  readonly kind:
    'login_failed' | 'disabled' | 'being_removed' | 'secret_expiring' | 'certificate_expiring' | 'names_concealed';
  readonly tenantId: string;
  /** Since when, if that is known. */
  readonly since: string | null;
  readonly says: string;
  /** The same as a text of its own lines. */
  readonly text: string;
}

const warning = (kind: Notice['kind'], tenantId: string, says: string): Notice => ({
  kind,
  tenantId,
  since: null,
  says,
  text: `Warning: ${says}\n`,
});

/** What is no fault, but worth knowing: what tenants let us see, credentials that are about to expire, tenants that are switched off. */
export async function warningsOf(app: App, seen: readonly string[], only: string | undefined): Promise<Notice[]> {
  return [...(await noticed(app, new Set(seen))), ...(await expiring(app, only)), ...(await switchedOff(app, only))];
}

/** What runs have noticed beside their rows. */
async function noticed({ database }: App, tenantIds: ReadonlySet<string>): Promise<Notice[]> {
  const nameOf = await tenantNames(database);
  const warnings = [...tenantIds].map(async (tenantId) => {
    const facts = await findTenantFacts(database, tenantId);
    const name = nameOf(tenantId);
    const secret = secretWarning(facts, name);
    const expires = secret === undefined ? [] : [warning('secret_expiring', tenantId, secret)];
    if (facts?.concealedNames !== true) return expires;
    const says = `tenant ${name} conceals names in its usage reports. ${SHOW_NAMES}`;
    return [...expires, warning('names_concealed', tenantId, says)];
  });
  return (await Promise.all(warnings)).flat();
}

/** Of the certificates that are on this machine. One of the environment that cannot be read is worth a warning as well. */
async function expiring({ config, database }: App, only: string | undefined): Promise<Notice[]> {
  const warnings: Notice[] = [];
  for (const tenant of await configuredTenants(config, database)) {
    const { tenantId, name, registered, enabled, access } = tenant;
    if (!enabled || access.credential !== 'certificate' || (only !== undefined && only !== tenantId)) continue;
    const says = await openCredential(tenant, config.readSecret).then(certificateWarning, (error: unknown) =>
      registered ? undefined : toRollcallError(error).message,
    );
    if (says !== undefined)
      warnings.push(warning('certificate_expiring', tenantId, `${registered ? `${name}: ` : ''}${says}`));
  }
  return warnings;
}

/** Of tenants that nobody could log in to: since when, and why. */
export async function unreadTenants({ database }: App, only: string | undefined): Promise<Notice[]> {
  const nameOf = await tenantNames(database);
  const off = (await listTenants(database)).filter(({ disabledAt }) => disabledAt !== null);
  return (await failedLogins(database))
    .filter(({ tenantId }) => only === undefined || tenantId === only)
    .filter(({ tenantId }) => off.every((each) => each.tenantId !== tenantId))
    .map(({ tenantId, loginFailedAt, loginError, loginAdvice }) => {
      const why = `has not been read since ${isoOf(loginFailedAt)}: ${formatValue(loginError)}`;
      return {
        kind: 'login_failed',
        tenantId,
        since: instantOf(loginFailedAt),
        says: `${why} ${formatValue(loginAdvice)}`,
        text: `\n${nameOf(tenantId)} ${why}\n  ${formatValue(loginAdvice)}\n`,
      };
    });
}

async function switchedOff({ database }: App, only: string | undefined): Promise<Notice[]> {
  const off = (await listTenants(database)).filter(({ disabledAt }) => disabledAt !== null);
  return off
    .filter(({ tenantId }) => only === undefined || tenantId === only)
    .map(({ tenantId, name, disabledAt, removingAt }) => {
      const says =
        removingAt === null
          ? `${name} has been disabled since ${isoOf(disabledAt)}.`
          : `${name} has been in removal since ${isoOf(removingAt)}. If no command is removing it: rollcall tenants remove ${JSON.stringify(name)}`;
      const kind = removingAt === null ? 'disabled' : 'being_removed';
      return { kind, tenantId, since: instantOf(removingAt ?? disabledAt), says, text: `${says}\n` };
    });
}

const instantOf = (instant: string | null) => (instant === null ? null : new Date(instant).toISOString());
const isoOf = (instant: string | null) => (instant === null ? 'an unknown time' : new Date(instant).toISOString());

/** Of a client secret that is about to expire, as the last run saw it; undefined where there is none to warn of. */
function secretWarning(facts: TenantFacts | undefined, name: string): string | undefined {
  const { secretExpiresAt } = facts ?? {};
  const when = secretExpiresAt ? endsSoon(new Date(secretExpiresAt)) : undefined;
  return when === undefined ? undefined : `the client secret for tenant ${name} ${when}. ${NEW_SECRET}`;
}
