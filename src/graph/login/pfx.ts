import forge from 'node-forge';
import { RollcallError, systemCode } from '../../errors.js';

/**
 * A PFX (PKCS #12) as PEM blocks: its certificates and its private key. Node itself can use such a file for TLS but gives
 * nobody the key in it, and refuses the ciphers in which Windows and Key Vault export.
 * @throws RollcallError `credential_invalid` if the password does not open it, or nothing of use is in it
 */
export function pfxToPem(file: Buffer, path: string, password = ''): string {
  const pfx = open(file, path, password);
  const bags = (name: string) => {
    const bagType = forge.pki.oids[name] ?? '';
    return pfx.getBags({ bagType })[bagType] ?? [];
  };
  // What is no RSA is there, but empty.
  const certificates = bags('certBag').flatMap(({ cert }) => (cert ? [forge.pki.certificateToPem(cert)] : []));
  const keys = [...bags('pkcs8ShroudedKeyBag'), ...bags('keyBag')].flatMap(({ key }) =>
    key ? [forge.pki.privateKeyToPem(key)] : [],
  );
  if (certificates.length === 0 || keys.length === 0) {
    throw new RollcallError(
      'credential_invalid',
      `${path} holds no ${certificates.length === 0 ? 'certificate' : 'private key'} that Rollcall can read; expected a PFX with an RSA certificate and its private key`,
      'Export it again with its private key. Entra accepts RSA keys only.',
    );
  }
  return [...certificates, ...keys].join('');
}

function open(file: Buffer, path: string, password: string): forge.pkcs12.Pkcs12Pfx {
  try {
    return forge.pkcs12.pkcs12FromAsn1(forge.asn1.fromDer(file.toString('binary')), false, password);
  } catch (cause) {
    const wrong = cause instanceof Error && /password|MAC could not be verified/i.test(cause.message);
    throw new RollcallError(
      'credential_invalid',
      wrong
        ? `The password does not open ${path}`
        : `${path} is neither PEM nor a PFX that Rollcall can read${systemCode(cause) === undefined ? '' : ` (${systemCode(cause)})`}`,
      wrong
        ? 'Set AZURE_CLIENT_CERTIFICATE_PASSWORD to the password that the file was exported with.'
        : 'Expected a PEM file with the certificate and its private key, or a PFX (PKCS #12) with both.',
    );
  }
}
