import { RollcallError } from '../../../errors.js';
import { SECRET_REF_HELP } from '../../../settings/secret-ref.js';
import { describeIssues, tenantSchema, type TenantSettings } from '../../../settings/tenant.js';
import { NONE } from './field-options.js';

/** What may be said of a tenant on the command line. */
export interface FieldFlags {
  readonly name?: string;
  readonly clientId?: string;
  readonly credential?: string;
  readonly secretRef?: string;
  readonly passwordRef?: string;
  readonly cloud?: string;
  readonly includeGuests?: 'yes' | 'no';
  readonly includeAgents?: 'yes' | 'no';
  readonly domainNames?: string;
  readonly scheduleNightly?: string;
  readonly scheduleSsoAccess?: string;
  readonly scheduleTimeZone?: string;
  readonly role?: string;
  readonly clientSecret?: string;
  readonly secret?: string;
  readonly password?: string;
}

/** The fields that were given, as a file would have them. @throws RollcallError `command_invalid` where a secret was given */
export function toFields(flags: FieldFlags): Partial<Record<keyof TenantSettings, unknown>> {
  if (flags.clientSecret !== undefined || flags.secret !== undefined || flags.password !== undefined) {
    throw new RollcallError(
      'command_invalid',
      'A secret was given; what Rollcall takes is where the secret is, so that it is in no table, no log and no list of processes',
      `Put it into a variable or a file of the worker, and say ${SECRET_REF_HELP} (--secret-ref, --password-ref). The one that was given stands in the history of this shell now.`,
    );
  }
  const unlessNone = (value: string | undefined) => (value === NONE ? null : value);
  const { includeGuests, includeAgents, domainNames } = flags;
  const fields = {
    name: flags.name,
    client_id: flags.clientId,
    credential: flags.credential,
    secret_ref: unlessNone(flags.secretRef),
    password_ref: unlessNone(flags.passwordRef),
    cloud: unlessNone(flags.cloud),
    include_guests: includeGuests === undefined ? undefined : includeGuests === 'yes',
    include_agents: includeAgents === undefined ? undefined : includeAgents === 'yes',
    domain_names: domainNames === undefined ? undefined : namesIn(domainNames),
    schedule_nightly: unlessNone(flags.scheduleNightly),
    schedule_sso_access: unlessNone(flags.scheduleSsoAccess),
    schedule_time_zone: unlessNone(flags.scheduleTimeZone),
    role: unlessNone(flags.role),
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** @throws RollcallError `command_invalid`, one for everything that is wrong */
export function toTenant(fields: Readonly<Record<string, unknown>>): TenantSettings {
  const parsed = tenantSchema.safeParse(fields);
  if (parsed.success) return parsed.data;
  throw new RollcallError(
    'command_invalid',
    `The tenant cannot be kept so:\n  ${describeIssues(parsed.error).join('\n  ')}`,
    'Correct what is named above: rollcall tenants add --help',
  );
}

const namesIn = (names: string) =>
  names === NONE
    ? []
    : names
        .split(',')
        .map((name) => name.trim())
        .filter(Boolean);
