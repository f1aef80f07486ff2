import { CronExpressionParser } from 'cron-parser';
import { z } from 'zod';

// Tokens and secrets travel over them, so plain http is refused even on loopback.
const LOGIN_HOST = 'an https URL without a path, such as https://login.microsoftonline.com';

const url = (protocols: readonly string[], accepted: string) =>
  z.string().refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol), { error: accepted });

const loginHost = url(['https:'], LOGIN_HOST)
  .refine((value) => !URL.canParse(value) || new URL(value).pathname === '/', { error: LOGIN_HOST })
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
  .refine((names) => names.length > 0 && names.every((name) => DOMAIN.test(name)), {
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

/** What the settings table of the README says of a variable. */
interface Documentation {
  readonly description: string;
  /** What holds where it is unset. */
  readonly unset: string;
}

const documented = <S extends z.ZodType>(schema: S, description: string, unset: string): S =>
  schema.meta({ description, unset } satisfies Documentation);

const credential = <S extends z.ZodType>(schema: S, description: string) => documented(schema, description, 'required');

/** Every setting there is, by the name of its environment variable. */
export const environmentSchema = z.object({
  AZURE_TENANT_ID: credential(
    z
      .string()
      .regex(GUID, { error: "the directory's id, a GUID (Entra admin center, Overview)" })
      .toLowerCase()
      .optional(),
    "The directory's id",
  ),
  AZURE_CLIENT_ID: credential(
    z.string().regex(/^\S+$/, { error: 'the application (client) id, without spaces' }).optional(),
    'The application (client) id of the app registration that reads',
  ),
  AZURE_CLIENT_SECRET: credential(z.string().optional(), "The value (not the id) of that application's client secret"),
  AZURE_AUTHORITY_HOST: documented(
    loginHost.default('https://login.microsoftonline.com'),
    'The login host, for other clouds',
    'https://login.microsoftonline.com',
  ),
  GRAPH_BASE_URL: documented(
    graphBase.default('https://graph.microsoft.com'),
    'The Graph host, for other clouds; the path /v1.0 is added',
    'https://graph.microsoft.com',
  ),
  GRAPH_TIMEOUT_SECONDS: documented(
    wholeNumber(1, 600).default(100),
    'How long an answer of Graph may take, its body included; sign-ins may take half as long again',
    '100',
  ),
  GRAPH_RETRIES: documented(
    wholeNumber(0, 20).default(5),
    'How often a request of Graph is repeated after a failure of the server or the network, with growing waits; throttling does not count',
    '5',
  ),
  GRAPH_BUDGET_PERCENT: documented(
    wholeNumber(1, 100).default(100),
    'The share of what Graph allows to use, where other programs read with the same application',
    '100',
  ),
  INCLUDE_GUESTS: documented(
    z.enum(['yes', 'no'], { error: 'yes or no' }).default('no'),
    '`yes`: guests are in the roster as well; users without a type count as members',
    'no',
  ),
  DOMAIN_NAMES: documented(domainList.default([]), 'Only people of these domains, separated by commas', 'every domain'),
  DATABASE_URL: documented(
    url(['postgres:', 'postgresql:'], 'a URL such as postgres://user:password@host:5432/database').optional(),
    'The Postgres (14 or newer) that receives the rows',
    'an embedded one under ROLLCALL_HOME',
  ),
  REDIS_URL: documented(
    url(['redis:', 'rediss:'], 'a URL such as redis://host:6379').optional(),
    'The Redis that holds the queue',
    'the queue lives in Postgres',
  ),
  ROLLCALL_HOME: documented(z.string().default('.rollcall'), 'Where the embedded Postgres keeps its data', '.rollcall'),
  SCHEDULE_NIGHTLY: documented(
    cron.default('0 2 * * *'),
    'When the nightly tasks run: a cron pattern, or `off`',
    '0 2 * * *',
  ),
  SCHEDULE_SSO_ACCESS: documented(
    cron.default('15 * * * *'),
    'When sign-ins are read: a cron pattern, or `off`',
    '15 * * * *',
  ),
  SCHEDULE_TIME_ZONE: documented(timeZone.default('UTC'), 'The time zone of the patterns', 'UTC'),
  REMOVAL_GUARD_PERCENT: documented(
    wholeNumber(0, 100).default(10),
    'A run that would remove more than this share of its live rows (and more than 10), or all of them, is held; who falls out because a filter was changed does not count',
    '10',
  ),
  FULL_READ_EVERY_DAYS: documented(
    wholeNumber(1, 365).default(7),
    'Between full reads, runs read only what has changed (`sync --full` reads everything at once)',
    '7',
  ),
  SIGN_IN_RETENTION_DAYS: documented(wholeNumber(1, 36_500).default(90), 'How long sign-in events are kept', '90'),
  ACCESS_LOG_DAYS: documented(
    wholeNumber(1, 36_500).default(7),
    'How long the record of every exchange with Graph and the login is kept',
    '7',
  ),
  LOG_LEVEL: documented(
    z.enum(LOG_LEVELS, { error: `one of ${LOG_LEVELS.join(', ')}` }).optional(),
    `What is logged: ${LOG_LEVELS.join(', ')}`,
    'info for `worker`, silent for commands that print what happened',
  ),
});

export type EnvironmentSettings = z.output<typeof environmentSchema>;

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
