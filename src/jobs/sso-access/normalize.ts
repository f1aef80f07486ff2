import { hash } from 'node:crypto';
import type { RowOf, signInEvents } from '../../store/index.js';
import type { GraphSignIn } from './graph-sign-in.js';
import { isInterrupt } from './interrupts.js';

const NOBODY = '00000000-0000-0000-0000-000000000000';

export function toSignInRow(signIn: GraphSignIn): RowOf<typeof signInEvents> {
  const userId = signIn.userId ?? NOBODY;
  const errorCode = signIn.status?.errorCode ?? null;
  const anonymized = userId === NOBODY || (signIn.userPrincipalName?.isConcealed ?? false);
  const userPrincipalName = signIn.userPrincipalName?.name ?? null;
  return {
    eventId: signIn.id,
    createdAt: signIn.createdDateTime,
    userId,
    userPrincipalName,
    applicationId: signIn.appId ?? NOBODY,
    applicationName: signIn.appDisplayName,
    errorCode,
    interrupted: isInterrupt(errorCode),
    location: location(signIn),
    anonymized,
    pseudonym: anonymized ? pseudonymOf(userPrincipalName) : '',
  };
}

/** A longer text would not fit into a key of Postgres. */
const LONGEST_PSEUDONYM = 255;

/** What tells one concealed person from another: the name in lower case, because the case of a hash or an address says nothing. */
function pseudonymOf(name: string | null): string {
  const pseudonym = name?.toLowerCase() ?? '';
  return pseudonym.length <= LONGEST_PSEUDONYM ? pseudonym : hash('sha256', pseudonym, 'hex');
}

function location({ location: place }: GraphSignIn): string | null {
  const parts = [place?.city, place?.state, place?.countryOrRegion].filter(
    (part) => part !== null && part !== undefined,
  );
  return parts.length === 0 ? null : parts.join(', ');
}
