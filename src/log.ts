import { pino, destination, type Logger } from 'pino';
import { visibleJson } from './visible.js';

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

/** What takes the lines of a log. */
interface LineWriter {
  write(line: string): unknown;
}

/**
 * The one logger: JSON lines on standard error, because standard output is for facts. Synchronous, so that the last
 * line before an exit is there. Names and messages come from outside: a line holds nothing that a terminal would obey.
 */
export function createLog(level: string, to: LineWriter = destination({ fd: 2, sync: true })): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[secret]' },
    },
    { write: (line: string) => to.write(visibleJson(line)) },
  );
}

const EVERY_MS = 60_000;

interface Said {
  readonly code: string;
  /** How often the same was not said since the last time. */
  readonly unsaid?: number;
}

/** Says the same thing at most once a minute. @param say told what it is, and how often it was not said in between */
export function seldom(say: (fact: Said) => void, now = Date.now): (code: string) => void {
  const said = new Map<string, { at: number; unsaid: number }>();
  return (code) => {
    const last = said.get(code);
    if (last !== undefined && now() - last.at < EVERY_MS) {
      last.unsaid += 1;
      return;
    }
    said.set(code, { at: now(), unsaid: 0 });
    say(last === undefined || last.unsaid === 0 ? { code } : { code, unsaid: last.unsaid });
  };
}
