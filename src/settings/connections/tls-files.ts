import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { systemCode } from '../../errors.js';
import { WrongUrl } from './connection-url.js';

/** What a URL names for TLS, in the words of libpq: each the path of a PEM file. */
export interface TlsFiles {
  /** Authorities that the server's certificate may be of. */
  readonly ca?: string;
  /** The client's certificate, and those between it and its authority. */
  readonly cert?: string;
  readonly key?: string;
}

const CERTIFICATE = /-----BEGIN (TRUSTED )?CERTIFICATE-----[^-]*-----END (TRUSTED )?CERTIFICATE-----/g;

/** The certificates of a PEM text; none if one of them cannot be read. */
export function certificatesIn(pem: string): X509Certificate[] {
  try {
    return (pem.match(CERTIFICATE) ?? []).map((each) => new X509Certificate(each));
  } catch {
    return [];
  }
}

/**
 * Reads the files that `sslrootcert`, `sslcert` and `sslkey` name, and looks whether they can be what they are named for.
 * @see https://www.postgresql.org/docs/current/libpq-ssl.html
 * @throws WrongUrl
 */
export function readTlsFiles(parameters: ReadonlyMap<string, string>): TlsFiles {
  const ca = readNamed(parameters, 'sslrootcert');
  const cert = readNamed(parameters, 'sslcert');
  const key = readNamed(parameters, 'sslkey');
  if ((cert === undefined) !== (key === undefined)) throw new WrongUrl('sslcert and sslkey together, or neither');
  for (const [name, pem] of [
    ['sslrootcert', ca],
    ['sslcert', cert],
  ] as const) {
    if (pem !== undefined && certificatesIn(pem).length === 0) throw new WrongUrl(`certificates (PEM) in ${name}`);
  }
  const [own] = cert === undefined ? [] : certificatesIn(cert);
  if (own !== undefined && key !== undefined && !own.checkPrivateKey(privateKey(key)))
    throw new WrongUrl('in sslkey the key of the certificate in sslcert; it is the key of another');
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
}

function readNamed(parameters: ReadonlyMap<string, string>, name: string): string | undefined {
  const path = parameters.get(name);
  if (path === undefined) return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new WrongUrl(`in ${name} a file that this user may read; ${path} gives ${systemCode(error) ?? 'no reason'}`);
  }
}

function privateKey(pem: string) {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new WrongUrl('in sslkey a private key (PEM) without a password');
  }
}
