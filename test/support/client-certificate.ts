import { generate } from 'selfsigned';

/** A certificate of an application and its private key, both PEM. */
export interface ClientCertificate {
  readonly cert: string;
  readonly key: string;
  /** Both, as they stand in a file. */
  readonly pem: string;
}

export interface CertificateOptions {
  readonly notAfterDate?: Date;
  readonly keyType?: 'rsa' | 'ec';
  readonly keySize?: number;
}

const YEAR_MS = 365 * 86_400_000;

export async function createClientCertificate({
  notAfterDate = new Date(Date.now() + YEAR_MS),
  keyType = 'rsa',
  keySize = 2048,
}: CertificateOptions = {}): Promise<ClientCertificate> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'rollcall-test' }], {
    keyType,
    keySize,
    algorithm: 'sha256',
    notBeforeDate: new Date(Date.now() - 2 * YEAR_MS),
    notAfterDate,
  });
  return { cert, key, pem: `${cert}\n${key}\n` };
}
