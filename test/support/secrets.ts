import type { Pool } from 'pg';
import { createLog, type Logger } from '../../src/log.js';

/**
 * What must be nowhere, by its form. All that tests make up holds `emulator-only` or `hunter2`: secrets of applications, passwords
 * of databases, queues, proxies and certificates, IDENTITY_HEADER. Written for JavaScript and for Postgres alike.
 */
const FORMS = [
  'emulator-only',
  'hunter2',
  // What a request carries to a host, and to a proxy.
  'Bearer ',
  'Basic [A-Za-z0-9+/]{8}',
  // An access token, an assertion, a token of another provider of identities.
  '[eE]yJ[A-Za-z0-9_-]+[.]eyJ[A-Za-z0-9_-]+[.]',
  // Of a certificate or a signer, also encrypted.
  'BEGIN [A-Z ]*PRIVATE KEY',
  // The password in a URL, whatever its scheme; not the word, which stands in advice.
  '[a-z]+://[^][:space:]/:@"\'<>]*:(?!password@)[^][:space:]/@"\'<>]+@',
];
const JS_FORMS = FORMS.map((form) => form.replaceAll('[^][:space:]', String.raw`[^\]\s`));

/** Secrets that have no form of their own: the random passwords of servers, and what a test puts into an environment. */
const known = new Set<string>();
const LEAST_LENGTH = 6;

/** Made once for all that is known: a log has many lines. */
let compiled: { readonly size: number; readonly expression: RegExp } | undefined;

const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
const pattern = (forms: readonly string[]) => [...forms, ...[...known].map(escaped)].join('|');

/** Settings whose value is a secret, and settings that are URLs, whose passwords are. */
const IS_SECRET = /(SECRET|PASSWORD|IDENTITY_HEADER)/i;

/** Learns the secrets of an environment, so that none of them may be found anywhere. */
export function learnSecrets(environment: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value = ''] of Object.entries(environment)) {
    if (URL.canParse(value)) learn(new URL(value).password);
    else if (IS_SECRET.test(name) && !/^[0-9a-f-]{36}$/i.test(value)) learn(value);
  }
}

function learn(secret: string): void {
  for (const each of [secret, decoded(secret), encodeURIComponent(secret)])
    if (each.length >= LEAST_LENGTH) known.add(each);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

learnSecrets({
  DATABASE_URL: process.env['ROLLCALL_TEST_POSTGRES'],
  TEST_DATABASE_URL: process.env['TEST_DATABASE_URL'],
  REDIS_URL: process.env['ROLLCALL_TEST_REDIS'],
});

/** @param where it would be, for the message */
export function refuseSecrets(text: string, where: string): void {
  if (compiled?.size !== known.size) compiled = { size: known.size, expression: new RegExp(pattern(JS_FORMS)) };
  const found = compiled.expression.exec(text);
  if (found === null) return;
  const excerpt = text.slice(Math.max(0, found.index - 80), found.index + found[0].length);
  throw new Error(`a secret or a token is in ${where}: …${excerpt}…`);
}

/** The product's own logger, with what it leaves out; writes nothing, and fails whoever logs a secret, at whatever level. */
export const silent: Logger = createLog('trace', { write: (line) => refuseSecrets(line, 'a log line') });

/** Looks through every row of every table: base tables, staging, the access log, the jobs of a queue in Postgres. */
export async function refuseSecretsIn(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ name: string }>(
    `select name from (
       select name, (xpath('/row/n/text()', query_to_xml(format('select count(*) as n from %s t where t::text ~ %L', name, $1::text),
                     false, true, '')))[1]::text::int as n
       from (select oid::regclass::text as name from pg_class
             where relkind = 'r' and relnamespace::regnamespace::text in ('rollcall_data', 'rollcall_staging', 'bullmq')) tables
     ) counts where n > 0`,
    [pattern(FORMS)],
  );
  if (rows.length > 0) throw new Error(`a secret or a token is in ${rows.map(({ name }) => name).join(', ')}`);
}
