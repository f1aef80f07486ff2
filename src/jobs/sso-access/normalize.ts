import type { RowOf, signInEvents } from '../../store/index.js';
import type { GraphSignIn } from './graph-sign-in.js';

const NOBODY = '00000000-0000-0000-0000-000000000000';

export function toSignInRow(signIn: GraphSignIn): RowOf<typeof signInEvents> {
  const userId = signIn.userId ?? NOBODY;
  return {
    eventId: signIn.id,
    createdAt: signIn.createdDateTime,
    userId,
    userPrincipalName: signIn.userPrincipalName?.name ?? null,
    applicationId: signIn.appId ?? NOBODY,
    applicationName: signIn.appDisplayName,
    errorCode: signIn.status?.errorCode ?? null,
    location: location(signIn),
    anonymized: userId === NOBODY || (signIn.userPrincipalName?.isConcealed ?? false),
  };
}

function location({ location: place }: GraphSignIn): string | null {
  const parts = [place?.city, place?.state, place?.countryOrRegion].filter(
    (part) => part !== null && part !== undefined,
  );
  return parts.length === 0 ? null : parts.join(', ');
}
