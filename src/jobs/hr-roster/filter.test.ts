import type { Filters } from '../task.js';
import { filterUser, restsOn } from './filter.js';
import { graphUser } from './item.js';
import { toUserRow } from './normalize.js';

function filterOf(properties: object, filters: Partial<Filters>) {
  const user = graphUser.parse({ id: '6ea91a8d-e32e-41a1-b7bd-d2d185eed0e0', ...properties });
  return filterUser(toUserRow(user), { includeGuests: false, includeAgents: false, domainNames: [], ...filters }, user);
}

test.each([
  ['Member', false, undefined],
  ['Guest', false, 'guest'],
  ['guest', false, 'guest'],
  [' GUEST ', false, 'guest'],
  [null, false, undefined],
  ['Member', true, undefined],
  ['Guest', true, undefined],
  [null, true, undefined],
])('a user of type %s, with guests wanted: %s, is left out by %s', (userType, includeGuests, expected) => {
  expect(filterOf({ userType }, { includeGuests })).toBe(expected);
});

const AGENT = { '@odata.type': '#microsoft.graph.agentUser', userPrincipalName: 'desk@contoso.com' };

test.each([
  ['an agent is left out', AGENT, {}, 'agent'],
  [
    'an agent is left out although guests are wanted',
    { ...AGENT, userType: 'Guest' },
    { includeGuests: true },
    'agent',
  ],
  ['an agent is in if agents are wanted', { ...AGENT, userType: 'Member' }, { includeAgents: true }, undefined],
  ['an agent is no guest, whatever its userType', { ...AGENT, userType: 'Guest' }, { includeAgents: true }, undefined],
  ['agents are of a domain too', AGENT, { includeAgents: true, domainNames: ['fabrikam.com'] }, 'domain'],
  ['a guest is left out although agents are wanted', { userType: 'Guest' }, { includeAgents: true }, 'guest'],
])('%s', (_, user, filters, expected) => {
  expect(filterOf(user, filters)).toBe(expected);
});

const GUEST = { userType: 'Guest', userPrincipalName: 'ada_fabrikam.com#EXT#@contoso.onmicrosoft.com' };

test.each([
  [
    'the domain of the user principal name counts',
    { userPrincipalName: 'ada@CONTOSO.com', mail: 'ada@other.com' },
    undefined,
  ],
  ['another domain is left out', { userPrincipalName: 'ada@other.com', mail: 'ada@contoso.com' }, 'domain'],
  ['the other mails of a member say nothing', { userPrincipalName: 'ada@other.com', otherMails: ['a@contoso.com'] }, 'domain'],
  ['blanks around a name are no part of its domain', { userPrincipalName: ' ada@contoso.com ' }, undefined],
  ['a subdomain is another domain', { userPrincipalName: 'ada@eu.contoso.com' }, 'domain'],
  ['a domain that only ends alike is another', { userPrincipalName: 'ada@notcontoso.com' }, 'domain'],
  ['a user without a name has no domain', { mail: 'ada@contoso.com' }, 'domain'],
  ["a guest's domain is that of the mail", { ...GUEST, mail: 'Ada@Contoso.com' }, undefined],
  ["a guest's mail may have blanks around it", { ...GUEST, mail: ' ada@contoso.com\t' }, undefined],
  ["a guest's own name says nothing", { ...GUEST, mail: 'ada@fabrikam.com' }, 'domain'],
  ['a guest without any address has no domain', GUEST, 'domain'],
  ['a guest without a mail is of the domain of another address', { ...GUEST, otherMails: ['ada@contoso.com'] }, undefined],
  ['any of several addresses will do', { ...GUEST, mail: ' ', otherMails: ['a@x.com', ' Ada@CONTOSO.com '] }, undefined],
  ['if no address is of the domain, the guest is left out', { ...GUEST, otherMails: ['a@x.com', 'contoso.com'] }, 'domain'],
  ['a mail counts before other addresses', { ...GUEST, mail: 'a@x.com', otherMails: ['ada@contoso.com'] }, 'domain'],
  ['a member with the name of a guest is judged like one', { ...GUEST, userType: 'Member', otherMails: ['a@contoso.com'] }, undefined],
])('%s', (_, user, expected) => {
  expect(filterOf(user, { includeGuests: true, domainNames: ['contoso.com'] })).toBe(expected);
}); // prettier-ignore

const EXTERNAL = { userPrincipalName: 'ann_home.example#EXT#@contoso.com' };

test.each([
  ['agent', AGENT, {}, ['@odata.type']],
  ['guest', { userType: 'Guest' }, {}, ['userType']],
  ['guest', { userType: 'Guest' }, { includeAgents: true }, ['userType', '@odata.type']],
  ['domain', { userPrincipalName: 'ann@contoso.com' }, {}, ['userPrincipalName']],
  ['domain', { ...EXTERNAL, mail: 'ann@home.example' }, {}, ['userPrincipalName', 'mail']],
  ['domain', EXTERNAL, {}, ['userPrincipalName', 'mail', 'otherMails']],
])('that the filter %s leaves out %j rests on what it looks at', (filter, properties, filters, expected) => {
  const user = graphUser.parse({ id: '6ea91a8d-e32e-41a1-b7bd-d2d185eed0e0', ...properties });
  expect(restsOn(filter, { includeGuests: false, includeAgents: false, domainNames: [], ...filters }, user)).toEqual(
    expected,
  );
});
