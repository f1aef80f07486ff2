import type { Login } from '../../settings/credential.js';
import { readCertificate } from './certificate.js';
import type { Credential } from './credential.js';

/**
 * A credential out of its settings: a certificate is read and checked, here and once; a token file is read at each login.
 * @throws RollcallError `credential_invalid`
 */
export async function openCredential({ tenantId, clientId, credential }: Login): Promise<Credential> {
  if (credential.kind !== 'certificate') return { tenantId, clientId, ...credential };
  const { kind, path, password } = credential;
  return { tenantId, clientId, kind, certificate: await readCertificate(path, password) };
}
