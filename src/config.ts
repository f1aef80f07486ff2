import { CronExpressionParser } from 'cron-parser';
import { z } from 'zod';
import { RollcallError } from './errors.js';

/** Environment variables as the process received them. */
export type Environment = Readonly<Record<string, string | undefined>>;

// Tokens and secrets travel over them, so plain http is refused even on loopback.
const LOGIN_HOST = 'an https URL without a path, such as https://login.microsoftonline.com';

const url = (protocols: readonly string[], accepted: string) =>
  z.string().refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol), { error: accepted });

const loginHost = url(['https:'], LOGIN_HOST)
  .refine((value) => new URL(value).pathname === '/', { error: LOGIN_HOST })
  .transform((value) => new URL(value).origin);

/** Kept with its path, for a Graph behind a gateway; the version is ours to add, so one that was given is cut. */
const graphBase = url(['https:'], 'an https URL such as https://graph.microsoft.com').transform((value) => {
  const { origin, pathname } = new URL(value);
  return origin + pathname.replace(/\/+$/, '').replace(/\/v1\.0$/, '');
});

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const DOMAIN = /^(?!-)[\p{L}\p{N}_-]{1,63}(\.[\p{L}\p{N}_-]{1,63})*$/u;

const domainList = z
  .string()
  .transform((value) =>
    [
      ...new Set(
        value
          .split(',')
          .map((name) => name.trim().toLowerCase())
          .filter(Boolean),
      ),
    ].sort(),
  )
  .refine((names) => names.every((name) => DOMAIN.test(name)), {
    error: 'domain names separated by commas, such as contoso.com,fabrikam.com',
  });

const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .refine((v) => /^\d{1,9}$/.test(v) && Number(v) >= min && Number(v) <= max, {
      error: `a whole number from ${min} to ${max}`,
    })
    .transform(Number);

const timeZone = z.string().refine(isTimeZone, { error: 'an IANA time zone such as Europe/Berlin' });

const cron = z
  .string()
  .trim()
  .refine((pattern) => pattern === 'off' || isCronPattern(pattern), {
    error: 'a cron pattern such as 0 2 * * *, or off',
  });

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/**
 * Every setting there is: name, what is accepted, and what holds where it is unset. An empty variable counts as unset,
 * because that is what `NAME=` in an env file means.
 */
const environmentSchema = z.object({
  AZURE_TENANT_ID: z
    .string()
    .regex(GUID, { error: "the directory's id, a GUID (Entra admin center, Overview)" })
    .toLowerCase()
    .optional(),
  AZURE_CLIENT_ID: z.string().regex(/^\S+$/, { error: 'the application (client) id, without spaces' }).optional(),
  AZURE_CLIENT_SECRET: z.string().optional(),
  AZURE_AUTHORITY_HOST: loginHost.default('https://login.microsoftonline.com'),
  GRAPH_BASE_URL: graphBase.default('https://graph.microsoft.com'),
  INCLUDE_GUESTS: z.enum(['yes', 'no'], { error: 'yes or no' }).default('no'),
  DOMAIN_NAMES: domainList.default([]),
  DATABASE_URL: url(
    ['postgres:', 'postgresql:'],
    'a URL such as postgres://user:password@host:5432/database',
  ).optional(),
  REDIS_URL: url(['redis:', 'rediss:'], 'a URL such as redis://host:6379').optional(),
  ROLLCALL_HOME: z.string().default('.rollcall'),
  SCHEDULE_NIGHTLY: cron.default('0 2 * * *'),
  SCHEDULE_SSO_ACCESS: cron.default('15 * * * *'),
  SCHEDULE_TIME_ZONE: timeZone.default('UTC'),
  REMOVAL_GUARD_PERCENT: wholeNumber(0, 100).default(10),
  SIGN_IN_RETENTION_DAYS: wholeNumber(1, 36_500).default(90),
  LOG_LEVEL: z.enum(LOG_LEVELS, { error: `one of ${LOG_LEVELS.join(', ')}` }).optional(),
});

/** Their values are never repeated, not even to say what is wrong with them. */
const SECRET = new Set(['AZURE_CLIENT_SECRET', 'DATABASE_URL', 'REDIS_URL']);
const CREDENTIALS = ['AZURE_TENANT_ID', 'AZURE_CLIENT_ID', 'AZURE_CLIENT_SECRET'] as const;

export type Config = ReturnType<typeof readConfig> & {
  /** PEM of a further certificate authority to trust. Only `demo` sets it; others have NODE_EXTRA_CA_CERTS. */
  readonly certificateAuthority?: string;
};
export type TenantConfig = NonNullable<Config['tenant']>;

/**
 * Parses the environment once into one frozen object. With `needsTenant` the credentials must be there; without it a
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

function toConfig(env: z.output<typeof environmentSchema>) {
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
    databaseUrl: env.DATABASE_URL,
    redisUrl: env.REDIS_URL,
    home: env.ROLLCALL_HOME,
    schedule: Object.freeze({
      nightly: env.SCHEDULE_NIGHTLY,
      'sso-access': env.SCHEDULE_SSO_ACCESS,
      timeZone: env.SCHEDULE_TIME_ZONE,
    }),
    removalGuardPercent: env.REMOVAL_GUARD_PERCENT,
    signInRetentionDays: env.SIGN_IN_RETENTION_DAYS,
    /** Undefined where unset: `worker` then logs at `info`, commands that print facts at `warn`. */
    logLevel: env.LOG_LEVEL,
  };
}

function describe(name: string, given: Environment, expected: string): string {
  const found = SECRET.has(name) ? 'a value that does not fit (not shown)' : JSON.stringify(given[name]);
  return `${name} is ${found}; expected ${expected}`;
}

function isCronPattern(pattern: string): boolean {
  try {
    CronExpressionParser.parse(pattern);
    return /^\S+(\s+\S+){4,5}$/.test(pattern);
  } catch {
    return false;
  }
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone.length > 0;
  } catch {
    return false;
  }
}
