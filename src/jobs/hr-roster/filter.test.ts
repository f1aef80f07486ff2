import { filterUser } from './filter.js';
import { graphUser } from './graph-user.js';
import { toUserRow } from './normalize.js';

const filterOf = (user: object, filters: { includeGuests?: boolean; domainNames?: string[] }) =>
  filterUser(toUserRow(graphUser.parse({ id: '6ea91a8d-e32e-41a1-b7bd-d2d185eed0e0', ...user })), {
    includeGuests: filters.includeGuests ?? false,
    domainNames: filters.domainNames ?? [],
  });

test.each([
  ['Member', false, undefined],
  ['Guest', false, 'guest'],
  ['guest', false, 'guest'],
  [null, false, undefined],
  ['Member', true, undefined],
  ['Guest', true, undefined],
  [null, true, undefined],
])('a user of type %s, with guests wanted: %s, is left out by %s', (userType, includeGuests, expected) => {
  expect(filterOf({ userType }, { includeGuests })).toBe(expected);
});

const GUEST = { userType: 'Guest', userPrincipalName: 'ada_fabrikam.com#EXT#@contoso.onmicrosoft.com' };

test.each([
  [
    'the domain of the user principal name counts',
    { userPrincipalName: 'ada@CONTOSO.com', mail: 'ada@other.com' },
    undefined,
  ],
  ['another domain is left out', { userPrincipalName: 'ada@other.com', mail: 'ada@contoso.com' }, 'domain'],
  ['a subdomain is another domain', { userPrincipalName: 'ada@eu.contoso.com' }, 'domain'],
  ['a domain that only ends alike is another', { userPrincipalName: 'ada@notcontoso.com' }, 'domain'],
  ['nobody knows the domain of a user without a name', { mail: 'ada@contoso.com' }, 'domain'],
  ["a guest's domain is that of the mail", { ...GUEST, mail: 'Ada@Contoso.com' }, undefined],
  ["a guest's own name says nothing", { ...GUEST, mail: 'ada@fabrikam.com' }, 'domain'],
  ['a guest without a mail has no domain', GUEST, 'domain'],
])('%s', (_, user, expected) => {
  expect(filterOf(user, { includeGuests: true, domainNames: ['contoso.com'] })).toBe(expected);
});
