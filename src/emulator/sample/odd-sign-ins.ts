import type { GraphObject } from '../tenant/graph-object.js';
import { guid } from '../guid.js';
import { concealedSignIns } from './concealed-sign-ins.js';
import { loggedName, nowhere, place, signIn, type SignInFacts } from './sign-in.js';

const HOUR_MS = 3_600_000;
const ZERO = '00000000-0000-0000-0000-000000000000';

interface OddSample {
  /** People whom the directory holds. */
  readonly people: readonly GraphObject[];
  /** One that all of them can sign in to. */
  readonly application: GraphObject;
  readonly now: Date;
}

/** What the log contains and programs forget. */
export function oddSignIns({ people, application, now }: OddSample): readonly GraphObject[] {
  const facts = (key: string, hoursAgo: number): SignInFacts => ({
    id: guid('sample sign-in', `odd ${key}`),
    createdDateTime: new Date(now.valueOf() - hoursAgo * HOUR_MS).toISOString().replace('.000Z', 'Z'),
    userId: guid('sample stranger', key),
    userPrincipalName: 'adelevance@fabrikam.example',
    userDisplayName: 'Adele Vance',
    appId: 'de8bc8b5-d9f9-48b1-a8ad-b748da725064',
    appDisplayName: 'Graph Explorer',
    errorCode: 0,
    location: place('Redmond', 'Washington', 'US', 47.68, -122.12),
  });
  return [
    ...strangers(facts),
    ...concealedSignIns(facts),
    ...people.flatMap((person, index) =>
      ofThePerson(person, application, (key) => facts(`${key} of ${index}`, 50 + index)),
    ),
  ];
}

/**
 * Sign-ins of users that are not in the directory.
 * @see https://learn.microsoft.com/entra/identity/monitoring-health/concept-sign-ins
 */
function strangers(facts: (key: string, hoursAgo: number) => SignInFacts): readonly GraphObject[] {
  const stranger = guid('sample stranger', 'guid');
  const foreign = { homeTenantId: guid('home tenant'), resourceTenantId: guid('resource tenant') };
  return [
    // A guest whom this directory does not hold, and one from another tenant.
    signIn(facts('guest', 30), foreign),
    // Interrupted before the name was known.
    signIn({
      ...facts('guid', 31),
      userId: stranger,
      userPrincipalName: stranger,
      userDisplayName: stranger,
      errorCode: 50058,
    }),
    // Not interactive, and yet in this log.
    signIn(facts('exchange', 37), { isInteractive: false, clientAppUsed: 'Exchange ActiveSync' }),
    // An application that the tenant no longer has, and one without a name.
    signIn({ ...facts('lost app', 38), appId: guid('lost application'), appDisplayName: 'Lost & Gone' }),
    signIn({ ...facts('nameless app', 39), appId: '', appDisplayName: null }),
    signIn(facts('no status', 40), { status: null, deviceDetail: null }),
  ];
}

/** What Entra shows as interrupted: the steps on the way of a sign-in. */
const INTERRUPTS = [
  50_055, 50_058, 50_072, 50_074, 50_076, 50_079, 50_097, 50_125, 50_140, 50_158, 65_001, 70_043, 70_044,
];
const FAILURES = [50_053, 50_126, 53_003, 500_121];

/** The same sign-ins for a person of the roster: with all that may be missing, blank or no failure. */
function ofThePerson(
  person: GraphObject,
  application: GraphObject,
  facts: (key: string) => SignInFacts,
): readonly GraphObject[] {
  const own = (key: string, special: Partial<SignInFacts> = {}): SignInFacts => ({
    ...facts(key),
    userId: person.id,
    userPrincipalName: loggedName(person),
    userDisplayName: person['displayName'],
    appId: String(application['appId']),
    appDisplayName: application['displayName'],
    ...special,
  });
  const blank = { city: ' ', state: 'Oregon', countryOrRegion: ' US ', geoCoordinates: null };
  return [
    signIn(own('login')),
    ...[...INTERRUPTS, ...FAILURES].map((errorCode) => signIn(own(`code ${errorCode}`, { errorCode }))),
    // Neither a login nor a failure.
    signIn(own('status null'), { status: null }),
    signIn(own('status empty'), { status: {} }),
    signIn(own('code null'), { status: { errorCode: null, failureReason: null, additionalDetails: null } }),
    // The application is unknown: one row, however its name is missing.
    signIn(own('app empty', { appId: '', appDisplayName: null })),
    signIn(own('app zero', { appId: ZERO, appDisplayName: '' })),
    signIn(own('app blank', { appId: ' ', appDisplayName: ' \u00A0', errorCode: 50_140 })),
    signIn(own('app without a name', { appId: guid('nameless application'), appDisplayName: ' ' })),
    signIn(
      own('app padded', { appId: guid('padded application'), appDisplayName: ' Padded in the log\t', location: blank }),
    ),
    signIn(
      own('name blank', { appId: guid('padded application'), userPrincipalName: '\u3000', location: nowhere(' ') }),
    ),
    signIn(own('id in capitals', { userId: person.id.toUpperCase(), location: null })),
  ];
}
