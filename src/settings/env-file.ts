import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { RollcallError } from '../errors.js';
import type { Environment } from './config.js';

/** What proves who we are, or comes from where it does. */
const PROOFS = [
  'AZURE_CLIENT_SECRET',
  'AZURE_CLIENT_CERTIFICATE_PATH',
  'AZURE_CLIENT_CERTIFICATE_PASSWORD',
  'AZURE_FEDERATED_TOKEN_FILE',
  'IDENTITY_ENDPOINT',
  'IDENTITY_HEADER',
];
/** What decides who hears the proof and the tokens, or whether those who hear them are who they say. */
const WAYS = [
  'AZURE_AUTHORITY_HOST',
  'GRAPH_BASE_URL',
  'AZURE_CLOUD',
  'GRAPH_AUDIENCE',
  'IDENTITY_ENDPOINT',
  'AZURE_POD_IDENTITY_AUTHORITY_HOST',
  'HTTPS_PROXY',
  'https_proxy',
  'NODE_EXTRA_CA_CERTS',
];
/** What Postgres and Redis are to them. */
const SERVERS = [
  {
    proofs: ['PGPASSWORD', 'PGPASSFILE'],
    ways: ['DATABASE_URL', 'PGHOST', 'PGPORT', 'PGSSLMODE', 'NODE_EXTRA_CA_CERTS'],
  },
  { proofs: ['DATABASE_URL'], ways: ['PGHOST', 'PGPORT', 'PGSSLMODE', 'NODE_EXTRA_CA_CERTS'] },
  { proofs: ['REDIS_URL'], ways: ['NODE_EXTRA_CA_CERTS'] },
];
/** What no file of a folder may say: it would switch off what everything else relies on, or run what it likes. */
const NEVER = ['NODE_TLS_REJECT_UNAUTHORIZED', 'NODE_OPTIONS'];

/**
 * The variables of a `.env` in the current folder, for those that the environment does not set itself. The folder may be
 * anybody's: a file there must not lead a secret of the environment elsewhere.
 * @throws RollcallError `settings_invalid`
 */
export function readEnvFile(environment: Environment, path = '.env'): Record<string, string> {
  if (!existsSync(path)) return {};
  const file = Object.entries(parse(path)).filter(([name]) => environment[name] === undefined);
  const added = Object.fromEntries(file);
  refuseRedirection(environment, added);
  return added;
}

function refuseRedirection(environment: Environment, added: Readonly<Record<string, string>>): void {
  const isSet = (variables: Environment) => (name: string) => (variables[name] ?? '').trim() !== '';
  const rules = [{ proofs: PROOFS, ways: WAYS }, ...SERVERS];
  for (const { proofs, ways } of rules) {
    const proof = proofs.find(isSet(environment));
    const way = ways.find(isSet(added));
    if (proof === undefined || way === undefined) continue;
    throw refused(`sets ${way}, and ${proof} comes from the environment: it would be led where the file says`, way);
  }
  const never = NEVER.find(isSet(added));
  if (never !== undefined) throw refused(`sets ${never}, which is not taken from a file`, never);
}

const refused = (what: string, name: string) =>
  new RollcallError(
    'settings_invalid',
    `The .env here ${what}`,
    `If that is meant, set ${name} in the environment as well, or keep both in the file. Else run Rollcall in another folder.`,
  );

function parse(path: string): Record<string, string> {
  try {
    const bytes = readFileSync(path);
    // Editors of Windows write these marks, which no name of a variable begins with.
    const text = bytes.toString(bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf16le' : 'utf8').replace(/^\uFEFF/, '');
    return Object.fromEntries(
      Object.entries(parseEnv(text)).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    );
  } catch {
    throw new RollcallError(
      'settings_invalid',
      'There is a .env here that cannot be read; expected a file that this user may read',
      'Correct its permissions, or move it away and set the environment variables themselves.',
    );
  }
}
