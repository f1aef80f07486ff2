import { isSocket, parseConnectionUrl, WrongUrl, type Host } from './connection-url.js';
import { readTlsFiles, type TlsFiles } from './tls-files.js';

/** Where a Redis is and who asks it. */
export interface RedisUrl {
  /** One server; the group of servers that Sentinels watch; or a cluster. */
  readonly kind: 'single' | 'sentinel' | 'cluster';
  /** The server, the Sentinels, or some nodes of the cluster. */
  readonly hosts: readonly Host[];
  /** What Sentinels call the group. */
  readonly group: string;
  readonly user: string;
  readonly password: string;
  /** What the Sentinels themselves ask for; empty if they ask for nothing. */
  readonly sentinelUser: string;
  readonly sentinelPassword: string;
  readonly database: number;
  /** Undefined: no TLS. */
  readonly tls: TlsFiles | undefined;
}

const KINDS = { '': 'single', '+sentinel': 'sentinel', '+cluster': 'cluster' } as const;
const isKind = (suffix: string): suffix is keyof typeof KINDS => suffix in KINDS;
const SCHEMES = Object.keys(KINDS).flatMap((suffix) => [`redis${suffix}`, `rediss${suffix}`]);
const ACCEPTED =
  'a URL such as redis://host:6379/0, rediss://… (TLS), redis+sentinel://host:26379,host:26379/group, or redis+cluster://host:6379,host:6379';
const TLS_PARAMETERS = ['sslrootcert', 'sslcert', 'sslkey'];
const SENTINEL_PARAMETERS = ['sentineluser', 'sentinelpassword'];

/** @throws WrongUrl */
export function parseRedisUrl(value: string): RedisUrl {
  const { scheme, user, password, hosts, path, parameters } = parseConnectionUrl(value, SCHEMES, ACCEPTED);
  const [protocol = '', kindSuffix = ''] = scheme.split(/(?=\+)/);
  const kind = isKind(kindSuffix) ? KINDS[kindSuffix] : 'single';
  if (kind === 'single' && hosts.length > 1)
    throw new WrongUrl('one host; a list follows redis+sentinel:// or redis+cluster://');
  const isTls = protocol === 'rediss';
  for (const name of parameters.keys()) {
    if (SENTINEL_PARAMETERS.includes(name)) {
      if (kind !== 'sentinel') throw new WrongUrl(`redis+sentinel:// beside ${SENTINEL_PARAMETERS.join(' and ')}`);
      continue;
    }
    if (!TLS_PARAMETERS.includes(name))
      throw new WrongUrl(
        `behind ? nothing but ${TLS_PARAMETERS.join(', ')} (paths of PEM files) and, of Sentinels, ${SENTINEL_PARAMETERS.join(', ')}`,
      );
    if (!isTls) throw new WrongUrl('rediss:// beside sslrootcert, sslcert and sslkey');
  }
  const parts = path.split('/').filter((part) => part !== '');
  const group = kind === 'sentinel' ? (parts.shift() ?? '') : '';
  if (kind === 'sentinel' && group === '')
    throw new WrongUrl('the name of the group that the Sentinels watch behind the hosts');
  return {
    kind,
    hosts,
    group,
    user,
    password,
    sentinelUser: parameters.get('sentineluser') ?? '',
    sentinelPassword: parameters.get('sentinelpassword') ?? '',
    database: databaseIn(parts, kind),
    tls: isTls ? readTlsFiles(parameters) : undefined,
  };
}

/** For people: where a Redis is, without user and password. @param value a URL that can be parsed */
export function redisPlace(value: string): string {
  const { kind, hosts, group, database } = parseRedisUrl(value);
  const place = hosts.map(placeOf).join(', ');
  const number = database === 0 ? '' : `, database ${database}`;
  if (kind === 'sentinel') return `${group} of the Sentinels ${place}${number}`;
  return `${kind === 'cluster' ? `the cluster ${place}` : place}${number}`;
}

export const REDIS_PORT = { single: 6379, cluster: 6379, sentinel: 26_379 } as const;

function placeOf({ host, port }: Host): string {
  if (isSocket(host)) return host;
  const name = host === '' ? 'localhost' : host;
  return `${name.includes(':') ? `[${name}]` : name}${port === undefined ? '' : `:${port}`}`;
}

function databaseIn(parts: readonly string[], kind: RedisUrl['kind']): number {
  const [text = '0', ...others] = parts;
  if (others.length > 0 || !/^\d{1,5}$/.test(text))
    throw new WrongUrl(
      'the number of a database such as /0 behind the host (a Unix socket is the host: redis://%2Frun%2Fredis.sock/0)',
    );
  if (kind === 'cluster' && Number(text) !== 0) throw new WrongUrl('no number of a database: a cluster has only 0');
  return Number(text);
}
