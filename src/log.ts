import { pino, destination, type Logger } from 'pino';

export type { Logger };

/** Names under which a secret could reach a log line; pino cuts their values at the root. */
const SECRETS = [
  'authorization',
  'clientSecret',
  'client_secret',
  'clientAssertion',
  'client_assertion',
  'accessToken',
  'access_token',
  'certificate',
  'privateKey',
  'password',
];

/**
 * The one logger: JSON lines on standard error, because standard output is for facts. Synchronous, so that the last
 * line before an exit is there.
 */
export function createLog(level: string): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[secret]' },
    },
    destination({ fd: 2, sync: true }),
  );
}
