import { CronExpressionParser } from 'cron-parser';
import { z } from 'zod';
import { loginSettings } from './login-variables.js';
import { connectionUrl } from './connections/connection-url.js';
import { parseDatabaseUrl } from './connections/database-url.js';
import { parseRedisUrl } from './connections/redis-url.js';
import { documented, wholeNumber } from './kinds.js';
import { perSchedule } from './schedules.js';

export const DOMAIN = /^(?!-)[\p{L}\p{N}_-]{1,63}(\.[\p{L}\p{N}_-]{1,63})*$/u;

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

export const timeZone = z.string().refine(isTimeZone, { error: 'an IANA time zone such as Europe/Berlin' });

export const cron = z
  .string()
  .trim()
  .refine((pattern) => pattern === 'off' || isCronPattern(pattern), {
    error: 'a cron pattern such as 0 2 * * *, or off',
  });

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** Every setting there is, by the name of its environment variable. */
export const environmentSchema = z.object({
  ...loginSettings,
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
    'The share of what Graph allows to use, if other programs read with the same application',
    '100',
  ),
  INCLUDE_GUESTS: documented(
    z.enum(['yes', 'no'], { error: 'yes or no' }).default('no'),
    '`yes`: guests are in the roster as well; users without a type count as members',
    'no',
  ),
  INCLUDE_AGENTS: documented(
    z.enum(['yes', 'no'], { error: 'yes or no' }).default('no'),
    '`yes`: the accounts of AI agents (agent users) are in the roster as well, with the user type `Agent`',
    'no',
  ),
  DOMAIN_NAMES: documented(domainList.default([]), 'Only people of these domains, separated by commas', 'every domain'),
  ROLLCALL_TENANTS: documented(
    z.string().optional(),
    'A file that describes any number of tenants: `rollcall tenants apply` makes the database equal to it',
    'tenants are registered with `rollcall tenants add`',
  ),
  DATABASE_URL: documented(
    connectionUrl(parseDatabaseUrl).optional(),
    'The Postgres (14 or newer) that receives the rows; [TLS](docs/setup.md#postgres-and-redis-over-tls)',
    'an embedded one under ROLLCALL_HOME',
  ),
  REDIS_URL: documented(
    connectionUrl((value) => (parseRedisUrl(value), value.trim())).optional(),
    'The Redis (6.2 or newer) that holds the queue: `redis://`, `rediss://` for [TLS](docs/setup.md#postgres-and-redis-over-tls), `redis+sentinel://`, `redis+cluster://`',
    'the queue lives in Postgres',
  ),
  ROLLCALL_HOME: documented(z.string().default('.rollcall'), 'Where the embedded Postgres keeps its data', '.rollcall'),
  ...perSchedule('variable', ({ description, usual }) => documented(cron.default(usual), description, usual)),
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
    // One that is never due, such as the 30th of February, has no next time.
    CronExpressionParser.parse(pattern, { tz: 'UTC' }).next();
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
