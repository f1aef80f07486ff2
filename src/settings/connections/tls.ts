import { createSecureContext, type SecureContext } from 'node:tls';
import type { TlsFiles } from './tls-files.js';

/** What `tls.connect` takes, of pg and of ioredis alike. */
export interface Tls {
  readonly secureContext: SecureContext;
  readonly rejectUnauthorized?: false;
  readonly checkServerIdentity?: () => undefined;
}

const contexts = new Map<string, SecureContext>();

/**
 * What a client trusts and shows. Made once for the same files: to read the roots of Node takes as long as several requests, and
 * a megabyte.
 * @param files own authorities take the place of all others, as they do in libpq
 * @param certificateAuthority PEM of authorities to trust in addition to Node's
 */
export function secureContextOf(files: TlsFiles, certificateAuthority?: string): SecureContext {
  const key = JSON.stringify([files, certificateAuthority]);
  const known = contexts.get(key);
  if (known !== undefined) return known;
  const made = createSecureContext(files);
  const { context }: { context: { addCACert(pem: string): void } } = made;
  // A list of authorities would take the place of those that Node trusts by its own flags and variables.
  if (files.ca === undefined && certificateAuthority !== undefined) context.addCACert(certificateAuthority);
  contexts.set(key, made);
  return made;
}
