import type { RowOf, signInEvents } from '../../store/index.js';
import type { GraphSignIn } from './item.js';

const NOBODY = '00000000-0000-0000-0000-000000000000';

export function toSignInRow(signIn: GraphSignIn): RowOf<typeof signInEvents> {
  const { userPrincipalName: user, status } = signIn;
  const userId = signIn.userId ?? NOBODY;
  const anonymized = userId === NOBODY || (user?.isConcealed ?? false);
  return {
    eventId: signIn.id,
    createdAt: signIn.createdDateTime,
    userId,
    userPrincipalName: user?.name ?? null,
    applicationId: signIn.appId ?? NOBODY,
    applicationName: signIn.appDisplayName,
    errorCode: status.errorCode,
    interrupted: status.isInterrupt,
    location: location(signIn),
    anonymized,
    pseudonym: anonymized ? (user?.pseudonym ?? '') : '',
  };
}

function location({ location: place }: GraphSignIn): string | null {
  const parts = [place?.city, place?.state, place?.countryOrRegion].filter(
    (part) => part !== null && part !== undefined,
  );
  return parts.length === 0 ? null : parts.join(', ');
}
