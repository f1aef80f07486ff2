import { guid } from '../guid.js';
import type { GraphObject } from '../tenant/graph-object.js';
import { nowhere, signIn, type SignInFacts } from './sign-in.js';

const ZERO = '00000000-0000-0000-0000-000000000000';
const ONE = 'fe7cc8c15246edcca289c9a4022762f7';
const OTHER = '0d1b4d1a2e3c4f5061728394a5b6c7d8';

/**
 * Sign-ins without a user: the id is empty or zero, or the name is concealed or redacted. All are of one application.
 * @see https://learn.microsoft.com/entra/identity/monitoring-health/concept-sign-in-log-activity-details
 */
export function concealedSignIns(facts: (key: string, hoursAgo: number) => SignInFacts): readonly GraphObject[] {
  const unnamed = (key: string, hoursAgo: number, special: Partial<SignInFacts>): SignInFacts => ({
    ...facts(key, hoursAgo),
    userDisplayName: null,
    ...special,
  });
  const foreign = {
    homeTenantId: guid('home tenant'),
    resourceTenantId: guid('resource tenant'),
    ipAddress: '192.0.2.XXX',
  };
  const redacted = { userId: ZERO, userPrincipalName: '{PII Removed}@domain.com' };
  const stranger = guid('sample stranger', 'concealed twice');
  return [
    // Tenant restrictions: people of other tenants, unnamed.
    signIn(unnamed('zero', 32, { ...redacted, errorCode: 500_021 }), foreign),
    signIn(unnamed('zero success', 33, redacted)),
    signIn(
      unnamed('zero elsewhere', 33, { userId: ZERO, userPrincipalName: '{PII Removed}@another.example' }),
      foreign,
    ),
    // No name at all.
    signIn(unnamed('empty', 34, { userId: '', userPrincipalName: '', location: nowhere() }), {
      servicePrincipalId: '',
    }),
    signIn(unnamed('empty null', 34, { userId: '', userPrincipalName: null, errorCode: 50_126 })),
    signIn(unnamed('zero blank', 34, { userId: ZERO, userPrincipalName: ' \u00A0' })),
    // A pseudonym each; the case of its digits and blanks around it say nothing.
    signIn(unnamed('hash without id', 35, { userId: '', userPrincipalName: ONE })),
    signIn(unnamed('hash in capitals', 36, { userId: ZERO, userPrincipalName: ONE.toUpperCase(), errorCode: 50_074 })),
    signIn(unnamed('hash padded', 37, { userId: '', userPrincipalName: ` ${ONE} ` })),
    signIn(unnamed('other hash', 35, { userId: ZERO, userPrincipalName: OTHER })),
    signIn(unnamed('name without id', 35, { userId: '', userPrincipalName: 'adelevance@fabrikam.example' })),
    // With an id, and yet without a name.
    signIn(unnamed('hash', 35, { userPrincipalName: ONE })),
    signIn(unnamed('one of two', 36, { userId: stranger, userPrincipalName: ONE })),
    signIn(unnamed('two of two', 36, { userId: stranger, userPrincipalName: OTHER })),
    // A name is missing, but not the id: this is a person whom the directory does not hold.
    signIn(unnamed('null name', 36, { userPrincipalName: null })),
  ];
}
