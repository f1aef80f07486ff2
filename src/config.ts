import { RollcallError } from './errors.js';
import { environmentSchema, type EnvironmentSettings } from './settings.js';

/** Environment variables as the process received them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Their values are never repeated, not even to say what is wrong with them. */
const SECRET = new Set(['AZURE_CLIENT_SECRET', 'DATABASE_URL', 'REDIS_URL']);
const CREDENTIALS = ['AZURE_TENANT_ID', 'AZURE_CLIENT_ID', 'AZURE_CLIENT_SECRET'] as const;

export type Config = ReturnType<typeof readConfig> & {
  /** PEM of a further certificate authority to trust. Only `demo` sets it; others have NODE_EXTRA_CA_CERTS. */
  readonly certificateAuthority?: string;
};
export type TenantConfig = NonNullable<Config['tenant']>;

/**
 * Parses the environment once into one frozen object. An empty variable counts as unset, because that is what `NAME=`
 * in an env file means. With `needsTenant` the credentials must be there; without it a
 * command that only reads the database works with none of them.
 * @throws RollcallError `settings_invalid`, one for all bad variables together
 */
export function readConfig(environment: Environment, { needsTenant }: { needsTenant: boolean }) {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value.trim() !== ''),
  );
  const parsed = environmentSchema.safeParse(given);
  const problems = parsed.success
    ? []
    : parsed.error.issues.map((issue) => describe(String(issue.path[0]), given, issue.message));
  const missing = CREDENTIALS.filter((name) => given[name] === undefined);
  if (needsTenant || missing.length < CREDENTIALS.length) {
    problems.push(...missing.map((name) => `${name} is not set; expected ${CREDENTIAL_HELP[name]}`));
  }
  if (!parsed.success || problems.length > 0) {
    throw new RollcallError(
      'settings_invalid',
      `${problems.length === 1 ? 'A setting is' : `${problems.length} settings are`} wrong:\n  ${problems.join('\n  ')}`,
      'Correct the environment variables named above (.env.example shows all of them) and start again.',
    );
  }
  return Object.freeze(toConfig(parsed.data));
}

const CREDENTIAL_HELP = {
  AZURE_TENANT_ID: "the directory's id (a GUID)",
  AZURE_CLIENT_ID: 'the application (client) id of the app registration that reads',
  AZURE_CLIENT_SECRET: "the value (not the id) of that application's client secret",
} as const satisfies Record<(typeof CREDENTIALS)[number], string>;

function toConfig(env: EnvironmentSettings) {
  const { AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: clientId, AZURE_CLIENT_SECRET: clientSecret } = env;
  const filters = Object.freeze({
    includeGuests: env.INCLUDE_GUESTS === 'yes',
    domainNames: Object.freeze(env.DOMAIN_NAMES),
  });
  return {
    /** The one tenant that the environment describes, if it describes one. */
    tenant:
      tenantId !== undefined && clientId !== undefined && clientSecret !== undefined
        ? Object.freeze({ tenantId, clientId, clientSecret, filters })
        : undefined,
    authorityHost: env.AZURE_AUTHORITY_HOST,
    graphBaseUrl: env.GRAPH_BASE_URL,
    graphTimeoutMs: env.GRAPH_TIMEOUT_SECONDS * 1000,
    graphRetries: env.GRAPH_RETRIES,
    graphBudgetPercent: env.GRAPH_BUDGET_PERCENT,
    databaseUrl: env.DATABASE_URL,
    redisUrl: env.REDIS_URL,
    home: env.ROLLCALL_HOME,
    schedule: Object.freeze({
      nightly: env.SCHEDULE_NIGHTLY,
      'sso-access': env.SCHEDULE_SSO_ACCESS,
      timeZone: env.SCHEDULE_TIME_ZONE,
    }),
    removalGuardPercent: env.REMOVAL_GUARD_PERCENT,
    fullReadEveryDays: env.FULL_READ_EVERY_DAYS,
    signInRetentionDays: env.SIGN_IN_RETENTION_DAYS,
    accessLogDays: env.ACCESS_LOG_DAYS,
    /** Undefined where unset: `worker` then logs at `info`, other commands not at all. */
    logLevel: env.LOG_LEVEL,
  };
}

function describe(name: string, given: Environment, expected: string): string {
  const found = SECRET.has(name) ? 'a value that does not fit (not shown)' : JSON.stringify(given[name]);
  return `${name} is ${found}; expected ${expected}`;
}
