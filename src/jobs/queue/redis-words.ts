import { RollcallError, rootCause, systemCode } from '../../errors.js';
import { refusalOf, type Words } from '../../redis-refusals.js';
import { parseRedisUrl, redisPlace } from '../../settings/connections/redis-url.js';

/** A Redis that cannot be reached. */
export function redisUnreachable(redisUrl: string, cause: unknown): RollcallError {
  const [reason, advice] = wordsOf(redisUrl, cause);
  return new RollcallError('queue_unreachable', `No Redis at ${redisPlace(redisUrl)}: ${reason}`, advice, { cause });
}

/** A Redis that answers but cannot hold a queue. */
export function redisUnfit(redisUrl: string, [reason, advice]: Words, cause?: unknown): RollcallError {
  const message = `The Redis at ${redisPlace(redisUrl)} cannot hold the queue: ${reason}`;
  return new RollcallError('queue_unreachable', message, advice, cause === undefined ? {} : { cause });
}

/** Why a Redis could not be reached, or refused a command, in words. */
export function wordsOf(redisUrl: string, cause: unknown): Words {
  const root = rootCause(cause);
  const message = root instanceof Error ? root.message : '';
  const refusal = refusalOf(message);
  if (refusal !== undefined) return refusal;
  const { tls } = parseRedisUrl(redisUrl);
  const code = systemCode(cause) ?? '';
  return (tls === undefined ? PLAIN : SECURE)[code] ?? [code === '' ? message || 'no answer' : code, CHECK];
}

const CHECK = 'Check REDIS_URL and that Redis is running, or unset REDIS_URL to keep the queue in Postgres.';
const REFUSED: Words = [
  'it refused the client certificate, or asks for one',
  'Name the certificate and its key: rediss://…?sslcert=/path/client.crt&sslkey=/path/client.key.',
];
const AUTHORITY: Words = [
  'the authority of its certificate is not trusted',
  'Name the authority: rediss://…?sslrootcert=/path/ca.pem, or NODE_EXTRA_CA_CERTS.',
];

const PLAIN: Readonly<Record<string, Words>> = {
  ENOTFOUND: ['the host name is unknown', 'Correct the host in REDIS_URL.'],
  ECONNRESET: ['it ended the connection', 'If it speaks TLS: rediss:// instead of redis://. Else check REDIS_URL.'],
};

/** @see https://nodejs.org/docs/latest-v20.x/api/tls.html#x509-certificate-error-codes */
const SECURE: Readonly<Record<string, Words>> = {
  ...PLAIN,
  ECONNRESET: REFUSED,
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: REFUSED,
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: REFUSED,
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: REFUSED,
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: REFUSED,
  SELF_SIGNED_CERT_IN_CHAIN: AUTHORITY,
  DEPTH_ZERO_SELF_SIGNED_CERT: AUTHORITY,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: AUTHORITY,
  CERT_SIGNATURE_FAILURE: AUTHORITY,
  CERT_UNTRUSTED: AUTHORITY,
  INVALID_CA: AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT: AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: AUTHORITY,
  CERT_HAS_EXPIRED: ['its certificate has expired', 'Renew it on the server.'],
  CERT_NOT_YET_VALID: ['its certificate is not valid yet', 'Set the clock of this machine or of the server.'],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    'its certificate is for another name than the host in REDIS_URL',
    'Use the name that the certificate has as the host.',
  ],
  ERR_SSL_WRONG_VERSION_NUMBER: [
    'what answers there does not speak TLS',
    'If it is meant so: redis:// instead of rediss://.',
  ],
  ETIMEDOUT: ['no answer by TLS', 'If it does not speak TLS: redis:// instead of rediss://. Else check REDIS_URL.'],
};
