import { X509Certificate } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, errors, jwtVerify, type JWTPayload } from 'jose';
import { isOutOfTime, TOLERANCE_SECONDS, type AssertionContext, type AssertionFault } from './assertion.js';
import { federatedFault } from './federated-assertion.js';

/**
 * Checks a client assertion: signed by the application itself, with a registered certificate, or issued by an issuer that
 * it trusts. Entra also takes RS256 with a SHA-1 thumbprint; here only what it recommends.
 * @returns undefined if it is valid
 * @see https://learn.microsoft.com/entra/identity-platform/certificate-credentials
 */
export async function assertionFault(
  assertion: string,
  context: AssertionContext,
): Promise<AssertionFault | undefined> {
  const { application } = context;
  const parsed = parse(assertion);
  if (parsed === undefined) return { code: 50027, subject: 'JWT token is invalid or malformed.' };
  const { header, claims } = parsed;
  if (claims.iss !== application.clientId && claims.sub !== application.clientId) {
    return federatedFault(assertion, claims, context);
  }
  if (claims.iss !== claims.sub) return { code: 700021, subject: application.clientId };
  const thumbprint = header['x5t#S256'];
  if (typeof thumbprint !== 'string' || header.alg !== 'PS256') {
    return { code: 50027, subject: 'No certificate thumbprint specified in token header.' };
  }
  return certificateFault(assertion, Buffer.from(thumbprint, 'base64url').toString('hex').toUpperCase(), context);
}

async function certificateFault(
  assertion: string,
  thumbprint: string,
  { application, tenant, url, now }: AssertionContext,
): Promise<AssertionFault | undefined> {
  const bad = (reason: string) => ({
    code: 700027,
    subject: `[Reason - ${reason}., Thumbprint of key used by client: '${thumbprint}', Please visit the Azure Portal, Graph Explorer or directly use MS Graph to see configured keys for app Id '${application.clientId}'.`,
  });
  const certificate = (application.certificates ?? [])
    .map((pem) => new X509Certificate(pem))
    .find(({ fingerprint256 }) => fingerprint256.replaceAll(':', '') === thumbprint);
  if (certificate === undefined) return bad('The key was not found');
  if (Date.parse(certificate.validTo) < now) return bad('The key used is expired');
  try {
    await jwtVerify(assertion, certificate.publicKey, {
      algorithms: ['PS256'],
      audience: [tenant.tenantId, ...tenant.domains].flatMap((name) => [
        `${url}/${name}/oauth2/v2.0/token`,
        `${url}/${name}/v2.0`,
      ]),
      requiredClaims: ['exp', 'nbf', 'jti'],
      currentDate: new Date(now),
      clockTolerance: TOLERANCE_SECONDS,
    });
    return undefined;
  } catch (thrown) {
    if (isOutOfTime(thrown)) return { code: 700024, subject: new Date(now).toISOString() };
    if (thrown instanceof errors.JWTClaimValidationFailed && thrown.claim === 'aud')
      return { code: 700023, subject: '' };
    if (thrown instanceof errors.JWTClaimValidationFailed) return { code: 50027, subject: thrown.message };
    return bad('The provided signature value did not match the expected signature value');
  }
}

function parse(assertion: string): { header: Readonly<Record<string, unknown>>; claims: JWTPayload } | undefined {
  try {
    return { header: { ...decodeProtectedHeader(assertion) }, claims: decodeJwt(assertion) };
  } catch {
    return undefined;
  }
}
