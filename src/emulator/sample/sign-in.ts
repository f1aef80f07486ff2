import type { GraphObject } from '../tenant/graph-object.js';

/** What differs from one sign-in to the other. */
export interface SignInFacts {
  readonly id: string;
  readonly createdDateTime: string;
  readonly userId: string;
  readonly userPrincipalName: string | null;
  readonly userDisplayName: unknown;
  readonly appId: string;
  readonly appDisplayName: unknown;
  readonly errorCode: number;
  readonly location: Readonly<Record<string, unknown>> | null;
}

// A number that is none of these is a failure that the sample does not explain.
const REASONS: ReadonlyMap<number, string> = new Map([
  [0, 'Other.'],
  [50058, 'Session information is not sufficient for single-sign-on.'],
  [50074, 'Strong Authentication is required.'],
  [50126, 'Error validating credentials due to invalid username or password.'],
  [50125, 'Sign-in was interrupted due to a password reset or password registration entry.'],
  [50140, 'This error occurred due to "Keep me signed in" interrupt when the user was signing-in.'],
  [53003, 'Access has been blocked by Conditional Access policies.'],
  [500121, 'Authentication failed during strong authentication request.'],
  [500021, "Access to '{tenant}' tenant is denied."],
]);

/**
 * A sign-in as Graph v1.0 writes it for a tenant without P2: what is risky is hidden. Written out without spreads:
 * benchmarks make a million of them.
 */
export function signIn(facts: SignInFacts, special?: Readonly<Record<string, unknown>>): GraphObject {
  const plain = {
    id: facts.id,
    createdDateTime: facts.createdDateTime,
    userDisplayName: facts.userDisplayName,
    userPrincipalName: facts.userPrincipalName,
    userId: facts.userId,
    appId: facts.appId,
    appDisplayName: facts.appDisplayName,
    ipAddress: '192.0.2.17',
    clientAppUsed: 'Browser',
    correlationId: facts.id,
    conditionalAccessStatus: 'notApplied',
    isInteractive: true,
    riskDetail: 'hidden',
    riskLevelAggregated: 'hidden',
    riskLevelDuringSignIn: 'hidden',
    riskState: 'none',
    riskEventTypes: [],
    riskEventTypes_v2: [],
    resourceDisplayName: 'Microsoft Graph',
    resourceId: '00000003-0000-0000-c000-000000000000',
    status: {
      errorCode: facts.errorCode,
      failureReason: REASONS.get(facts.errorCode) ?? 'Other.',
      additionalDetails: null,
    },
    deviceDetail: {
      deviceId: '',
      displayName: '',
      operatingSystem: 'Windows10',
      browser: 'Edge 126.0.0',
      isCompliant: false,
      isManaged: false,
      trustType: '',
    },
    location: facts.location,
    appliedConditionalAccessPolicies: [],
  };
  return special === undefined ? plain : { ...plain, ...special };
}

/** The name that a user is logged under: a guest's is that of the home. @see https://learn.microsoft.com/graph/api/resources/signin */
export function loggedName({ userPrincipalName, mail }: GraphObject): string {
  const name = String(userPrincipalName);
  return (name.includes('#EXT#') && typeof mail === 'string' ? mail : name).toLowerCase();
}

/** A place on earth, in the words of sign-ins: the country as two letters. */
export function place(city: string, state: string, countryOrRegion: string, latitude: number, longitude: number) {
  return { city, state, countryOrRegion, geoCoordinates: { altitude: null, latitude, longitude } };
}

/** An unknown location. */
export function nowhere(nothing = '') {
  return {
    city: nothing,
    state: nothing,
    countryOrRegion: nothing,
    geoCoordinates: { altitude: null, latitude: null, longitude: null },
  };
}
