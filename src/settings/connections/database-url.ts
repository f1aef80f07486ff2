import { isSocket, parseConnectionUrl, toPort, urlHost, WrongUrl } from './connection-url.js';
import { secureContextOf, type Tls } from './tls.js';
import { readTlsFiles } from './tls-files.js';

/** Where a Postgres is and who asks it. */
export interface DatabaseUrl {
  readonly user: string;
  readonly password: string;
  /** Empty: the default of libpq. */
  readonly host: string;
  readonly port: number | undefined;
  readonly database: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const ACCEPTED = 'a URL such as postgres://user:password@host:5432/database';
export const SSL_MODES = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify'] as const;
const MODE = `one of ${SSL_MODES.join(', ')}`;

/**
 * @returns the URL of a Postgres, taken apart
 * @throws WrongUrl
 */
export function parseDatabaseUrl(value: string): DatabaseUrl {
  const { user, password, hosts, path, parameters } = parseConnectionUrl(value, ['postgres', 'postgresql'], ACCEPTED);
  const [first, ...others] = (parameters.get('host') ?? '') === '' ? hosts : listed(parameters);
  if (first === undefined || others.length > 0)
    throw new WrongUrl('one host, which takes writes: lists are not followed');
  if (/[/?#@]/.test(path)) throw new WrongUrl('the name of a database without / ? # @ behind the host');
  const ssl = parameters.get('ssl');
  if (ssl !== undefined && !['true', '1', '0', 'no-verify'].includes(ssl))
    throw new WrongUrl(`sslmode=verify-full (TLS) or sslmode=disable (none) in place of its ssl=…, or ssl=true`);
  const mode = parameters.get('sslmode');
  if (mode !== undefined && !SSL_MODES.some((each) => each === mode)) throw new WrongUrl(`as sslmode ${MODE}`);
  const { ca } = readTlsFiles(parameters);
  const isWeak = parameters.get('uselibpqcompat') === 'true';
  if (isWeak && mode === 'verify-ca' && ca === undefined) throw new WrongUrl('sslrootcert beside sslmode=verify-ca');
  const rest = [...parameters].filter(([name]) => name !== 'host' && name !== 'port');
  const port = parameters.get('port');
  return {
    user,
    password,
    host: first.host,
    port: port === undefined ? first.port : toPort(port),
    database: path,
    parameters: new Map(rest),
  };
}

/** The hosts of `?host=`, which is how libpq names sockets. */
function listed(parameters: ReadonlyMap<string, string>) {
  return (parameters.get('host') ?? '').split(',').map((host) => ({ host, port: undefined }));
}

/** One URL that any reader of URLs understands, for drivers. @param host if the URL names none */
export function formatDatabaseUrl(url: DatabaseUrl, host: string): string {
  const { user, password, port, database, parameters } = url;
  const secret = password === '' ? '' : `:${encodeURIComponent(password)}`;
  const who = user === '' && secret === '' ? '' : `${encodeURIComponent(user)}${secret}@`;
  const search = parameters.size === 0 ? '' : `?${String(new URLSearchParams([...parameters]))}`;
  const place = `${urlHost(url.host === '' ? host : url.host)}${port === undefined ? '' : `:${port}`}`;
  return `postgres://${who}${place}/${encodeURI(database)}${search}`;
}

/** For people: where a database is, without the user and the password. @param url as `formatDatabaseUrl` writes it */
export function databasePlace(url: string): string {
  const { hostname, host, port, pathname } = new URL(url);
  const socket = decodeURIComponent(hostname);
  if (!isSocket(socket)) return `${host}${decodeURI(pathname)}`;
  return `${socket}/.s.PGSQL.${port === '' ? '5432' : port}, database ${decodeURI(pathname).slice(1)}`;
}

/** What pg takes: the same for our own pool and for that of the queue. */
export interface DatabaseConnection {
  readonly connectionString: string;
  readonly ssl: false | Tls;
  readonly sslnegotiation?: 'direct';
}

const TLS_PARAMETERS = ['ssl', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'uselibpqcompat', 'sslnegotiation'];

/**
 * The URL for pg, with what it says of TLS taken out of it. The authorities of NODE_EXTRA_CA_CERTS count as well, and `prefer`,
 * `require` and `verify-ca` check the server like `verify-full`, as pg has it, unless `uselibpqcompat=true` says otherwise.
 * @param url as `formatDatabaseUrl` writes it
 * @param certificateAuthority PEM of authorities to trust in addition to Node's, if the URL names none
 */
export function databaseConnection(url: string, certificateAuthority: string | undefined): DatabaseConnection {
  const { searchParams } = new URL(url);
  const given = new Map(searchParams);
  for (const name of TLS_PARAMETERS) searchParams.delete(name);
  const rest = String(searchParams);
  const connectionString = `${url.split('?')[0]}${rest === '' ? '' : `?${rest}`}`;
  const isDirect = given.get('sslnegotiation') === 'direct';
  const mode = given.get('sslmode') ?? SSL_WORDS.get(given.get('ssl') ?? '');
  const files = readTlsFiles(given);
  if (mode === undefined && Object.keys(files).length === 0 && !isDirect) return { connectionString, ssl: false };
  if (mode === 'disable') return { connectionString, ssl: false };
  const secureContext = secureContextOf(files, certificateAuthority);
  const ssl = { secureContext, ...checksOf(mode, given.get('uselibpqcompat') === 'true', files.ca !== undefined) };
  return { connectionString, ssl, ...(isDirect && { sslnegotiation: 'direct' }) };
}

const SSL_WORDS = new Map([
  ['true', 'verify-full'],
  ['1', 'verify-full'],
  ['0', 'disable'],
  ['no-verify', 'no-verify'],
]);

/** @see https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-PROTECTION */
function checksOf(mode: string | undefined, isWeak: boolean, hasRoots: boolean): Omit<Tls, 'secureContext'> {
  if (mode === 'no-verify') return { rejectUnauthorized: false };
  if (!isWeak || mode === 'verify-full' || mode === undefined) return {};
  if (mode === 'prefer' || !hasRoots) return { rejectUnauthorized: false };
  return { checkServerIdentity: () => undefined };
}
