import { pino, type Logger } from 'pino';
import type { Pool } from 'pg';

/** What must be nowhere: the secrets of the emulator's applications, and what an access token or an assertion looks like. */
const SECRET = String.raw`emulator-only|Bearer |eyJ[A-Za-z0-9_-]+\.eyJ[A-Za-z0-9_-]+\.`;
const secret = new RegExp(SECRET);

/** @param where it would be, for the message */
export function refuseSecrets(text: string, where: string): void {
  const found = secret.exec(text);
  if (found === null) return;
  const excerpt = text.slice(Math.max(0, found.index - 80), found.index + found[0].length);
  throw new Error(`a secret or a token is in ${where}: …${excerpt}…`);
}

/** Writes nothing, and fails whoever logs a secret, at whatever level. */
export const silent: Logger = pino({ level: 'trace' }, { write: (line: string) => refuseSecrets(line, 'a log line') });

/** Looks through every row of every table: base tables, staging, the access log, the jobs of a queue in Postgres. */
export async function refuseSecretsIn(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ name: string }>(
    `select name from (
       select name, (xpath('/row/n/text()', query_to_xml(format('select count(*) as n from %s t where t::text ~ %L', name, $1::text),
                     false, true, '')))[1]::text::int as n
       from (select oid::regclass::text as name from pg_class
             where relkind = 'r' and relnamespace::regnamespace::text in ('rollcall_data', 'rollcall_staging', 'bullmq')) tables
     ) counts where n > 0`,
    [SECRET],
  );
  if (rows.length > 0) throw new Error(`a secret or a token is in ${rows.map(({ name }) => name).join(', ')}`);
}
