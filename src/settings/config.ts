import { RollcallError } from '../errors.js';
import { CLOUDS } from './clouds.js';
import { environmentTenant } from './credential.js';
import { formatDatabaseUrl, type DatabaseUrl, SSL_MODES } from './connections/database-url.js';
import { perSchedule } from './schedules.js';
import { createSecretReader } from './secret-ref.js';
import { environmentSchema, type EnvironmentSettings } from './environment.js';

/** Environment variables as the process received them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Their values are never repeated, not even to say what is wrong with them. */
const SECRET = new Set([
  'AZURE_CLIENT_SECRET',
  'AZURE_CLIENT_CERTIFICATE_PASSWORD',
  'IDENTITY_HEADER',
  'HTTPS_PROXY',
  'DATABASE_URL',
  'REDIS_URL',
]);

export type Config = ReturnType<typeof readConfig>;
export type TenantConfig = NonNullable<Config['tenant']>;

/**
 * Parses the environment once into one frozen object. An empty variable counts as unset, because that is what `NAME=`
 * in an env file means. The credentials may be missing altogether, but not in part.
 * @throws RollcallError `settings_invalid`, one for all bad variables together
 */
export function readConfig(environment: Environment) {
  const given = Object.fromEntries(
    Object.entries(withProxies(environment)).filter(([, value]) => value !== undefined && value.trim() !== ''),
  );
  const parsed = environmentSchema.safeParse(given);
  const problems = parsed.success
    ? []
    : parsed.error.issues.map((issue) => describe(String(issue.path[0]), given, issue.message));
  const mode = given['PGSSLMODE'];
  if (mode !== undefined && !SSL_MODES.some((each) => each === mode))
    problems.push(`PGSSLMODE is ${JSON.stringify(mode)}; expected one of ${SSL_MODES.join(', ')}`);
  const own = environmentTenant(given);
  const isIncomplete = own !== undefined && 'missing' in own;
  if (isIncomplete) problems.push(...own.missing);
  if (!parsed.success || isIncomplete || problems.length > 0) {
    throw new RollcallError(
      'settings_invalid',
      `${problems.length === 1 ? 'A setting is' : `${problems.length} settings are`} wrong:\n  ${problems.join('\n  ')}`,
      'Correct the environment variables named above (.env.example shows all of them) and start again.',
    );
  }
  const config = toConfig(parsed.data);
  const { DATABASE_URL: database } = parsed.data;
  const databaseUrl = database === undefined ? undefined : withVariables(database, given);
  return Object.freeze({
    ...config,
    /** The one tenant that the environment configures, if it does. */
    tenant: own === undefined ? undefined : Object.freeze({ ...own, filters: filtersOf(parsed.data) }),
    databaseUrl,
    readSecret: createSecretReader(environment),
  });
}

/** What libpq takes from its variables if the URL does not say; the password is left to the driver. */
function withVariables(url: DatabaseUrl, { PGSSLMODE: mode, PGHOST: host = 'localhost' }: Environment): string {
  const names = mode === undefined || ['ssl', 'sslmode'].some((name) => url.parameters.has(name));
  const parameters = names ? url.parameters : new Map([...url.parameters, ['sslmode', mode]]);
  return formatDatabaseUrl({ ...url, parameters }, host);
}

/** By convention the lower-case variables win. */
function withProxies(environment: Environment): Environment {
  const { https_proxy: proxy, no_proxy: except } = environment;
  return {
    ...environment,
    HTTPS_PROXY: proxy || environment['HTTPS_PROXY'],
    NO_PROXY: except || environment['NO_PROXY'],
  };
}

const filtersOf = (env: EnvironmentSettings) =>
  Object.freeze({
    includeGuests: env.INCLUDE_GUESTS === 'yes',
    includeAgents: env.INCLUDE_AGENTS === 'yes',
    domainNames: Object.freeze(env.DOMAIN_NAMES),
  });

function toConfig(env: EnvironmentSettings) {
  return {
    ...environmentHosts(env),
    /** Where managed identities come from, if not from the metadata service at its usual address. */
    identityService: identityServiceOf(env),
    tokenRefreshPercent: env.TOKEN_REFRESH_PERCENT,
    proxy:
      env.HTTPS_PROXY === undefined ? undefined : Object.freeze({ url: env.HTTPS_PROXY, except: env.NO_PROXY ?? '' }),
    /** PEM of authorities to trust in addition to Node's. */
    certificateAuthority: env.NODE_EXTRA_CA_CERTS,
    graphTimeoutMs: env.GRAPH_TIMEOUT_SECONDS * 1000,
    graphRetries: env.GRAPH_RETRIES,
    graphBudgetPercent: env.GRAPH_BUDGET_PERCENT,
    tenantsFile: env.ROLLCALL_TENANTS,
    redisUrl: env.REDIS_URL,
    home: env.ROLLCALL_HOME,
    schedule: Object.freeze({
      ...perSchedule('name', ({ variable }) => env[variable]),
      timeZone: env.SCHEDULE_TIME_ZONE,
    }),
    removalGuardPercent: env.REMOVAL_GUARD_PERCENT,
    fullReadEveryDays: env.FULL_READ_EVERY_DAYS,
    signInRetentionDays: env.SIGN_IN_RETENTION_DAYS,
    accessLogDays: env.ACCESS_LOG_DAYS,
    /** Undefined if unset: `worker` then logs at `info`, other commands not at all. */
    logLevel: env.LOG_LEVEL,
  };
}

/** Each as it is set, else that of the cloud. A gateway in front of a named cloud takes that cloud's tokens. */
function environmentHosts(env: EnvironmentSettings) {
  const cloud = CLOUDS[env.AZURE_CLOUD ?? 'global'];
  const {
    AZURE_AUTHORITY_HOST: authorityHost = cloud.authorityHost,
    GRAPH_BASE_URL: graphBaseUrl = cloud.graphBaseUrl,
  } = env;
  const own = env.AZURE_CLOUD === undefined ? new URL(graphBaseUrl).origin : cloud.graphAudience;
  return { authorityHost, graphBaseUrl, graphAudience: env.GRAPH_AUDIENCE ?? own };
}

function identityServiceOf(env: EnvironmentSettings) {
  const { IDENTITY_ENDPOINT: endpoint, IDENTITY_HEADER: header, AZURE_POD_IDENTITY_AUTHORITY_HOST: host } = env;
  if (endpoint !== undefined && header !== undefined) return { kind: 'app-service', endpoint, header } as const;
  return host === undefined ? undefined : ({ kind: 'metadata', host } as const);
}

function describe(name: string, given: Environment, expected: string): string {
  const found = SECRET.has(name) ? 'a value that does not fit (not shown)' : JSON.stringify(given[name]);
  return `${name} is ${found}; expected ${expected}`;
}
