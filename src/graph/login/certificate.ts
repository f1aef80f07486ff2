import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { RollcallError, systemCode } from '../../errors.js';
import type { Credential } from './credential.js';
import { pfxToPem } from './pfx.js';

/** What signs an assertion, and what names the certificate in it. */
export interface SigningKey {
  /** PEM, no longer encrypted. */
  readonly privateKey: string;
  /** SHA-256, in hexadecimal digits. */
  readonly thumbprint: string;
  readonly notAfter: Date;
}

type Holder = Pick<Extract<Credential, { kind: 'certificate' }>, 'certificate' | 'password'>;

/**
 * A certificate with its private key from a file, PEM or PFX; both are checked to be there and to fit.
 * @returns PEM, for a credential of the kind `certificate`
 * @throws RollcallError `credential_invalid`
 */
export async function readCertificate(path: string, password?: string): Promise<string> {
  const file = await readFile(path).catch((cause: unknown) => {
    throw invalid(`The certificate ${path} cannot be read (${systemCode(cause) ?? 'no reason given'})`);
  });
  const text = file.toString('latin1');
  const certificate = text.includes('-----BEGIN') ? text : pfxToPem(file, path, password);
  return toPem(signingKeyOf({ certificate, password }, path));
}

/** When a credential stops working, if that can be known without a request: a certificate says so itself. */
export function certificateExpiry(credential: Credential): Date | undefined {
  return credential.kind === 'certificate' ? signingKeyOf(credential).notAfter : undefined;
}

/**
 * Finds, among the certificates of a PEM, the one that the private key belongs to: files with a whole chain are common.
 * @throws RollcallError `credential_invalid`
 */
export function signingKeyOf({ certificate, password }: Holder, path = 'The certificate'): Parts {
  const blocks = certificate.match(/-----BEGIN ([A-Z0-9 ]+)-----[^]+?-----END \1-----/g) ?? [];
  const key = blocks.find((block) => block.includes('PRIVATE KEY-----'));
  if (key === undefined) throw invalid(`${path} holds no private key`);
  const privateKey = decrypt(key, password, path);
  if (privateKey.asymmetricKeyType !== 'rsa') {
    throw invalid(`${path} has a key of the type ${privateKey.asymmetricKeyType}; Entra accepts RSA only`);
  }
  const bits = privateKey.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < 2048) throw invalid(`${path} has a key of ${bits} bits; at least 2048 are needed`);
  const own = blocks.flatMap((block) => parse(block)).find((candidate) => candidate.checkPrivateKey(privateKey));
  if (own === undefined) throw invalid(`${path} holds no certificate that its private key belongs to`);
  return {
    privateKey: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    certificate: own.toString(),
    thumbprint: own.fingerprint256.replaceAll(':', ''),
    notAfter: new Date(own.validTo),
  };
}

interface Parts extends SigningKey {
  /** PEM. */
  readonly certificate: string;
}

const toPem = ({ certificate, privateKey }: Parts): string => certificate + privateKey;

function decrypt(key: string, password: string | undefined, path: string): KeyObject {
  if (password === undefined && key.includes('ENCRYPTED')) {
    throw invalid(`The private key in ${path} is encrypted, and no password is set`);
  }
  try {
    return createPrivateKey(password === undefined ? key : { key, passphrase: password });
  } catch (cause) {
    throw invalid(
      key.includes('ENCRYPTED')
        ? `The password does not open the private key in ${path}`
        : `The private key in ${path} cannot be read (${systemCode(cause) ?? 'no reason given'})`,
    );
  }
}

function parse(block: string): X509Certificate[] {
  if (!block.startsWith('-----BEGIN CERTIFICATE-----')) return [];
  try {
    return [new X509Certificate(block)];
  } catch {
    return [];
  }
}

const invalid = (message: string): RollcallError =>
  new RollcallError(
    'credential_invalid',
    message,
    'AZURE_CLIENT_CERTIFICATE_PATH must name a PEM file with an RSA certificate and its private key, or a PFX with both; AZURE_CLIENT_CERTIFICATE_PASSWORD opens it if it is encrypted.',
  );
