import { createPublicKey } from 'node:crypto';
import { jwtVerify, type JWTPayload } from 'jose';
import { isOutOfTime, TOLERANCE_SECONDS, type AssertionContext, type AssertionFault } from './assertion.js';

/**
 * Checks an external token against the trusts of the application: exact issuer, subject and audience, then
 * the signature and the time.
 * @see https://learn.microsoft.com/entra/workload-id/workload-identity-federation
 */
export async function federatedFault(
  assertion: string,
  { iss = '', sub = '', aud = '' }: JWTPayload,
  { application, now }: AssertionContext,
): Promise<AssertionFault | undefined> {
  const audiences = [aud].flat();
  const ofIssuer = (application.federatedCredentials ?? []).filter(({ issuer }) => issuer === iss);
  if (ofIssuer.length === 0) return { code: 700211, subject: iss };
  const ofSubject = ofIssuer.filter(({ subject }) => subject === sub);
  if (ofSubject.length === 0) return { code: 700213, subject: sub };
  const trusted = ofSubject.find(({ audience }) => audiences.includes(audience));
  if (trusted === undefined) return { code: 700212, subject: audiences.join(', ') };
  try {
    await jwtVerify(assertion, createPublicKey(trusted.publicKey), {
      algorithms: ['RS256'],
      requiredClaims: ['exp'],
      currentDate: new Date(now),
      clockTolerance: TOLERANCE_SECONDS,
    });
    return undefined;
  } catch (thrown) {
    return isOutOfTime(thrown)
      ? { code: 700024, subject: new Date(now).toISOString() }
      : { code: 7000272, subject: iss };
  }
}
