import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { isSocket } from '../../settings/connections/connection-url.js';
import { databasePlace } from '../../settings/connections/database-url.js';
import { RollcallError, rootCause, systemCode } from '../../errors.js';
import { EXHAUSTED } from './database-errors.js';

type Reason = readonly [reason: string, advice: string];

/**
 * Why a Postgres could not be reached, in words.
 * @param url as `formatDatabaseUrl` writes it
 */
export async function unreachable(url: string, cause: unknown): Promise<RollcallError> {
  const [reason, advice] = reasonOf(cause) ?? (await reasonThere(url, systemCode(cause)));
  return new RollcallError('database_unreachable', `No database at ${databasePlace(url)}: ${reason}`, advice, {
    cause,
  });
}

/** What has no words of its own may be a stranger. Of an address that is away nothing more can be learned. */
async function reasonThere(url: string, code: string | undefined): Promise<Reason> {
  const stranger = code === undefined || code === 'ECONNRESET' ? await strangerAt(url) : undefined;
  return reasonOf(stranger) ?? [code ?? 'no answer', CHECK];
}

function reasonOf(cause: unknown): Reason | undefined {
  const root = rootCause(cause);
  const message = root instanceof Error ? root.message : '';
  return WORDS.find(([pattern]) => pattern.test(message))?.[1] ?? REASONS[systemCode(cause) ?? ''];
}

const CHECK = 'Check DATABASE_URL and that Postgres is running, or unset DATABASE_URL to use the embedded one.';
const TRUST =
  'Name the authority of its certificate: sslrootcert=/path/ca.pem in DATABASE_URL, or NODE_EXTRA_CA_CERTS. To encrypt without checking who answers: sslmode=no-verify.';
const PASSWORD = 'Put it into DATABASE_URL (percent-encoded), PGPASSWORD, or a ~/.pgpass that only its owner may read.';
const CLIENT_CERTIFICATE =
  'Name the certificate and its key: sslcert=/path/client.crt&sslkey=/path/client.key in DATABASE_URL. The server accepts it if its own authority (ssl_ca_file) has signed it.';

/** What has no code, by its words. */
const WORDS: readonly (readonly [RegExp, Reason])[] = [
  [
    /password must be a (non-empty )?string|empty password returned/,
    ['the server asks for a password, and none is given', PASSWORD],
  ],
  [
    /does not support SSL/,
    [
      'the server does not speak TLS',
      'Use sslmode=disable in DATABASE_URL if the way to it is safe, or have the server speak TLS (ssl = on).',
    ],
  ],
  [
    /no encryption|SSL off/,
    ['the server lets this user in by TLS only', 'Add sslmode=verify-full to DATABASE_URL: docs/setup.md says how.'],
  ],
  [/requires a valid client certificate/, ['the server asks for a client certificate', CLIENT_CERTIFICATE]],
  [
    /certificate authentication failed/,
    [
      'the client certificate is of another user',
      'The common name of the certificate has to be the user in DATABASE_URL, or pg_hba.conf has to map it.',
    ],
  ],
  [
    /no Postgres answers/,
    ['what answers there is no Postgres', 'Correct the host and the port in DATABASE_URL: Postgres usually has 5432.'],
  ],
  [
    /it is silent/,
    [
      'it takes connections and does not answer as Postgres does',
      'Correct the host and the port in DATABASE_URL: Postgres usually has 5432. If they are right, it hangs.',
    ],
  ],
];

const AUTHORITY: Reason = ["the authority of the server's certificate is not trusted", TRUST];
const CLIENT: Reason = ['the server refused the client certificate, or asks for one', CLIENT_CERTIFICATE];

/**
 * By the code of the socket, of TLS, or the SQLSTATE.
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 * @see https://nodejs.org/docs/latest-v20.x/api/tls.html#x509-certificate-error-codes
 */
const REASONS: Readonly<Record<string, Reason>> = {
  ...Object.fromEntries(
    Object.entries(EXHAUSTED).map(([code, [what, advice]]): [string, Reason] => [code, [`the server${what}`, advice]]),
  ),
  '28P01': ['the password is wrong', 'Correct the user and password in DATABASE_URL.'],
  '28000': ['the server does not let this user in', "Correct the user in DATABASE_URL, or the server's pg_hba.conf."],
  '42501': [
    'the user may not connect to this database',
    'As an administrator: grant connect on database … to the user of DATABASE_URL.',
  ],
  '3D000': ['the database does not exist', 'Create it (create database …), or correct its name in DATABASE_URL.'],
  '57P03': ['the server is starting or ending', 'Wait until it is ready, and try again.'],
  ENOTFOUND: ['the host name is unknown', 'Correct the host in DATABASE_URL.'],
  SELF_SIGNED_CERT_IN_CHAIN: AUTHORITY,
  DEPTH_ZERO_SELF_SIGNED_CERT: AUTHORITY,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: AUTHORITY,
  CERT_SIGNATURE_FAILURE: AUTHORITY,
  CERT_UNTRUSTED: AUTHORITY,
  INVALID_CA: AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT: AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: AUTHORITY,
  CERT_HAS_EXPIRED: ["the server's certificate has expired", 'Renew it on the server.'],
  CERT_NOT_YET_VALID: ["the server's certificate is not valid yet", 'Set the clock of this machine or of the server.'],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    "the server's certificate is for another name than the host in DATABASE_URL",
    'Use the name that the certificate has as the host. To check the authority and not the name: uselibpqcompat=true&sslmode=verify-ca&sslrootcert=/path/ca.pem.',
  ],
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: CLIENT,
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: CLIENT,
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: CLIENT,
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: CLIENT,
  ERR_SSL_WRONG_VERSION_NUMBER: ['what answers there does not speak TLS', CHECK],
};

/** A Postgres that is well answers within milliseconds. */
const PATIENCE_MS = 1500;
const SILENCE_MS = 4000;
/** What every server of this protocol answers with one byte. @see https://www.postgresql.org/docs/current/protocol-flow.html */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
const OF_POSTGRES = /^[SN]$|^E\0/;
/** Servers that read lines answer this with a complaint. */
const LINES = Buffer.from('?\r\n\r\n');

/**
 * Ends with an error if something answers that is no Postgres, or takes connections and says nothing: a driver would wait
 * until its time is up.
 * @param url as `formatDatabaseUrl` writes it
 */
export async function suspectStranger(url: string, signal: AbortSignal): Promise<never> {
  await sleep(PATIENCE_MS, undefined, { signal });
  const what = await strangerAt(url, signal);
  if (what !== undefined) throw what;
  return new Promise(() => {});
}

/** @returns undefined if a Postgres answers, or if there is no connection: the driver knows better */
async function strangerAt(url: string, signal?: AbortSignal): Promise<Error | undefined> {
  const { hostname, port } = new URL(url);
  const host = decodeURIComponent(hostname).replaceAll(/^\[|\]$/g, '');
  const number = port === '' ? 5432 : Number(port);
  const to = isSocket(host) ? { path: `${host}/.s.PGSQL.${number}` } : { host, port: number };
  const ask = (question: Buffer, timeout: number) =>
    answerTo(question, connect({ ...to, ...(signal && { signal }), timeout }));
  const first = await ask(SSL_REQUEST, SILENCE_MS);
  if (first === undefined || OF_POSTGRES.test(first)) return undefined;
  const second = first === '' ? await ask(LINES, SILENCE_MS) : first;
  return new Error(second === undefined || second === '' ? 'it is silent' : 'no Postgres answers there');
}

/** @returns '' if nothing was said, undefined if there is no connection */
function answerTo(question: Buffer, socket: Socket): Promise<string | undefined> {
  return new Promise((resolve) => {
    let isOpen = false;
    const end = (answer: string | undefined) => {
      resolve(answer);
      socket.destroy();
    };
    socket.on('connect', () => {
      isOpen = true;
      socket.write(question);
    });
    socket.on('data', (data) => end(data.toString('latin1')));
    socket.on('timeout', () => end(isOpen ? '' : undefined));
    socket.on('error', () => end(isOpen ? '' : undefined));
    socket.on('close', () => end(isOpen ? '' : undefined));
  });
}
