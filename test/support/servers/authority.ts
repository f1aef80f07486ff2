import { randomUUID } from 'node:crypto';
import { generate } from 'selfsigned';

type CertificateExtensions = NonNullable<NonNullable<Parameters<typeof generate>[1]>['extensions']>;

export interface Issued {
  readonly cert: string;
  readonly key: string;
}

export interface Authority {
  /** PEM. */
  readonly cert: string;
  /** A certificate of a server, for these DNS names; also for 127.0.0.1 unless said otherwise. */
  server(names?: readonly string[], validTo?: Date): Promise<Issued>;
  /** A certificate of a client of this common name. */
  client(name: string): Promise<Issued>;
}

const BEFORE = new Date(Date.now() - 86_400_000);
const AFTER = new Date(Date.now() + 365 * 86_400_000);

/** An authority of a test's own, that nothing trusts by itself. By its name it cannot be taken for another one. */
export async function createAuthority(): Promise<Authority> {
  const options = { keyType: 'ec', algorithm: 'sha256', notBeforeDate: BEFORE, notAfterDate: AFTER } as const;
  const { cert, private: key } = await generate([{ name: 'commonName', value: `Test ${randomUUID()}` }], {
    ...options,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const issue = async (name: string, extensions: CertificateExtensions, to = AFTER) => {
    const issued = await generate([{ name: 'commonName', value: name }], {
      ...options,
      notBeforeDate: new Date(BEFORE.getTime() - 86_400_000),
      notAfterDate: to,
      ca: { cert, key },
      extensions,
    });
    return { cert: issued.cert, key: issued.private };
  };
  return {
    cert,
    server: (names = ['localhost'], validTo = AFTER) =>
      issue(
        names[0] ?? 'localhost',
        [
          { name: 'extKeyUsage', serverAuth: true },
          {
            name: 'subjectAltName',
            altNames: [
              ...names.map((value) => ({ type: 2, value }) as const),
              ...(names.includes('localhost') ? [{ type: 7, ip: '127.0.0.1' } as const] : []),
            ],
          },
        ],
        validTo,
      ),
    client: (name) => issue(name, [{ name: 'extKeyUsage', clientAuth: true }]),
  };
}
