import type { GraphObject } from '../tenant/graph-object.js';
import { guid } from '../guid.js';
import { place, signIn, type SignInFacts } from './sign-in.js';

const HOUR_MS = 3_600_000;
const ZERO = '00000000-0000-0000-0000-000000000000';

/**
 * Sign-ins of nobody that the directory knows.
 * @see https://learn.microsoft.com/entra/identity/monitoring-health/concept-sign-ins
 */
export function oddSignIns(now: Date): readonly GraphObject[] {
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
    // Tenant restrictions: someone of another tenant, unnamed.
    signIn(
      {
        ...facts('zero', 32),
        userId: ZERO,
        userPrincipalName: '{PII Removed}@domain.com',
        userDisplayName: '',
        errorCode: 500021,
      },
      { ...foreign, ipAddress: '192.0.2.XXX' },
    ),
    signIn({
      ...facts('zero success', 33),
      userId: ZERO,
      userPrincipalName: '{PII Removed}@domain.com',
      userDisplayName: '',
    }),
    signIn(
      { ...facts('empty', 34), userId: '', userPrincipalName: '', userDisplayName: '', location: nowhere() },
      { servicePrincipalId: '' },
    ),
    signIn({ ...facts('hash', 35), userPrincipalName: 'fe7cc8c15246edcca289c9a4022762f7', userDisplayName: null }),
    signIn({ ...facts('null name', 36), userPrincipalName: null, userDisplayName: null }),
    // Not interactive, and yet in this log.
    signIn(facts('exchange', 37), { isInteractive: false, clientAppUsed: 'Exchange ActiveSync' }),
    // An application that the tenant no longer has, and one without a name.
    signIn({ ...facts('lost app', 38), appId: guid('lost application'), appDisplayName: 'Lost & Gone' }),
    signIn({ ...facts('nameless app', 39), appId: '', appDisplayName: null }),
    signIn({ ...facts('no status', 40) }, { status: null, deviceDetail: null }),
  ];
}

function nowhere() {
  return {
    city: '',
    state: '',
    countryOrRegion: '',
    geoCoordinates: { altitude: null, latitude: null, longitude: null },
  };
}
