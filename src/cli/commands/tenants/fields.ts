import { Option, type Command } from 'commander';
import { CLOUD_NAMES } from '../../../settings/clouds.js';
import { CREDENTIAL_KINDS } from '../../../settings/credential.js';
import { RollcallError } from '../../../errors.js';
import { SECRET_REF_HELP } from '../../../settings/secret-ref.js';
import { describeIssues, tenantSchema, type TenantSettings } from '../../../settings/tenant.js';

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

/** The word that takes away what may be unset. */
const NONE = 'none';

export function addFieldOptions(command: Command): Command {
  return (
    command
      .option('--client-id <id>', 'the application (client) id of the app registration that reads')
      .addOption(
        new Option('--credential <kind>', 'how it proves who it is; a secret unless given').choices(CREDENTIAL_KINDS),
      )
      .option('--secret-ref <where>', 'where the secret, certificate or token is: env:NAME or file:/path')
      .option('--password-ref <where>', "where the password of the certificate's file is: env:NAME or file:/path")
      .addOption(
        new Option('--cloud <name>', "the directory's cloud; the hosts of the environment unless given").choices([
          ...CLOUD_NAMES,
          NONE,
        ]),
      )
      .addOption(
        new Option('--include-guests <yes|no>', 'whether guests are in the roster as well').choices(['yes', 'no']),
      )
      .addOption(
        new Option('--include-agents <yes|no>', 'whether the accounts of AI agents are in the roster as well').choices([
          'yes',
          'no',
        ]),
      )
      .option('--domain-names <names>', 'only people of these domains, separated by commas; none: of every domain')
      .option('--schedule-nightly <pattern>', "a cron pattern, or off; none: the environment's")
      .option('--schedule-sso-access <pattern>', "a cron pattern, or off; none: the environment's")
      .option('--schedule-time-zone <zone>', "the time zone of the patterns; none: the environment's")
      .option('--role <role>', 'a database role that sees the rows of this tenant and of no other; none: no role')
      // What somebody may try: it is refused in words, and not repeated.
      .addOption(new Option('--client-secret <value>').hideHelp())
      .addOption(new Option('--secret <value>').hideHelp())
      .addOption(new Option('--password <value>').hideHelp())
  );
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
