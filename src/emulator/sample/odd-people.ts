import type { GraphObject } from '../tenant/graph-object.js';
import { DOMAINS } from './constants.js';
import { blankPeople } from './blank-people.js';
import { person } from './person.js';

const at = (name: string, domain: string = DOMAINS.main): string => `${name}@${domain}`;

/** A person whose name and address differ in nothing but this key. */
function odd(key: string, special: Readonly<Record<string, unknown>> = {}): GraphObject {
  return person(`odd ${key}`, { displayName: key, userPrincipalName: at(key), mail: at(key), ...special });
}

/** Returned without being selected. @see https://learn.microsoft.com/graph/api/resources/agentuser */
const AGENT = { '@odata.type': '#microsoft.graph.agentUser' };

/** One person for each thing that directories contain and programs forget. */
export function oddPeople(): readonly GraphObject[] {
  return [
    ...types(),
    ...guestsWithoutMail(),
    ...mails(),
    ...dates(),
    ...places(),
    ...concealed(),
    ...others(),
    ...blankPeople(),
  ];
}

function types(): readonly GraphObject[] {
  return [
    // Accounts from before userType existed: https://learn.microsoft.com/graph/api/resources/user
    odd('type.null.1', { userType: null, createdDateTime: null }),
    odd('type.null.2', { userType: null }),
    odd('type.null.guest', {
      userType: null,
      userPrincipalName: `old.partner_fabrikam.example#EXT#@${DOMAINS.initial}`,
      mail: 'old.partner@fabrikam.example',
    }),
    odd('type.lower.case', { userType: 'member' }),
    odd('type.lower.case.guest', { userType: 'guest' }),
    odd('type.unknown', { userType: 'Contractor' }),
    odd('guest.internal', { userType: 'Guest' }),
    odd('disabled.leaver', { accountEnabled: false }),
    odd('enabled.unknown', { accountEnabled: null }),
    odd('agent', { ...AGENT, displayName: 'Order Desk Agent' }),
    odd('agent.guest', { ...AGENT, userType: 'Guest' }),
    odd('agent.type.null', { ...AGENT, userType: null, mail: null }),
    odd('agent.disabled', { ...AGENT, accountEnabled: false }),
  ];
}

/** Guests whose own name ends in the tenant's domain, and whose home is in another address, or in none. */
function guestsWithoutMail(): readonly GraphObject[] {
  const guest = (key: string, special: Readonly<Record<string, unknown>>): GraphObject =>
    odd(key, {
      userType: 'Guest',
      userPrincipalName: `${key}_fabrikam.example#EXT#@${DOMAINS.initial}`,
      mail: null,
      ...special,
    });
  return [
    guest('guest.other.mail', { otherMails: ['guest.other.mail@fabrikam.example'] }),
    guest('guest.other.mails', { otherMails: ['x@private.example', ' Guest.Other.Mails@FABRIKAM.example '] }),
    guest('guest.blank.mail', { mail: ' ', otherMails: ['guest.blank.mail@fabrikam.example'] }),
    guest('guest.mail.elsewhere', { mail: 'a@private.example', otherMails: ['guest@fabrikam.example'] }),
    guest('guest.no.address', { otherMails: [] }),
    guest('member.guest.name', { userType: 'Member', otherMails: ['member.guest.name@fabrikam.example'] }),
  ];
}

function mails(): readonly GraphObject[] {
  return [
    odd('mail.none', { mail: null }),
    odd('mail.upper', {
      mail: 'MAIL.UPPER@NORTHWIND-BIKES.EXAMPLE',
      userPrincipalName: 'Mail.Upper@Northwind-Bikes.Example',
    }),
    odd('mail.differs', { mail: at('press', DOMAINS.second) }),
    odd('mail.aliases', {
      otherMails: ['Alias.Two@Private.example', 'alias.two@private.example', at('MAIL.ALIASES')],
      proxyAddresses: [
        `SMTP:${at('mail.aliases')}`,
        `smtp: ${at('spaced')} `,
        `smtp:${at('ALIAS.UPPER')}`,
        `smtp:${at('alias.upper')}`,
        'x500:/o=Northwind/ou=Exchange Administrative Group/cn=Recipients/cn=aliases',
        `sip:${at('mail.aliases')}`,
        'SPO:SPO_0f1e2d3c@SPO_5a3b1e00',
        `smtp:${at('mail.aliases', DOMAINS.initial)}`,
      ],
    }),
    odd('mail.only.initial', { userPrincipalName: at('mail.only.initial', DOMAINS.initial), mail: null }),
    odd('mail.other.only', { mail: null, otherMails: ['reachable@private.example'] }),
  ];
}

function dates(): readonly GraphObject[] {
  return [
    odd('created.null', { createdDateTime: null, employeeHireDate: null }),
    odd('created.0.digits', { createdDateTime: '2017-07-29T03:07:25Z' }),
    odd('created.1.digit', { createdDateTime: '2017-07-29T03:07:25.5Z' }),
    odd('created.7.digits', { createdDateTime: '2017-07-29T03:07:25.1234567Z' }),
    odd('hired.sentinel', { employeeHireDate: '0001-01-01T00:00:00Z' }),
    odd('hired.sentinel.created.null', { employeeHireDate: '0001-01-01T00:00:00Z', createdDateTime: null }),
    odd('hired.sentinel.windows', { employeeHireDate: '1601-01-01T00:00:00Z' }),
    odd('hired.sentinel.windows.created.null', { employeeHireDate: '1601-01-01T00:00:00Z', createdDateTime: null }),
    odd('hired.sentinel.offset', { employeeHireDate: '0001-01-01T00:00:00+02:00' }),
    odd('hired.sentinel.later', { employeeHireDate: '1601-01-03T04:05:06.7Z' }),
    odd('created.sentinel', { createdDateTime: '0001-01-01T00:00:00Z' }),
    odd('created.sentinel.windows', { createdDateTime: '1601-01-01T00:00:00Z' }),
    odd('hired.future', { employeeHireDate: '2031-02-28T23:59:59.9999999Z' }),
    odd('hired.long.ago', { employeeHireDate: '1969-12-31T23:59:59Z' }),
  ];
}

function places(): readonly GraphObject[] {
  return [
    odd('place.none'),
    odd('place.empty.texts', { officeLocation: '', city: '', state: 'Oregon', country: '' }),
    odd('place.blank.office', { officeLocation: '   ', city: 'Utrecht', country: 'Netherlands' }),
    odd('place.blank.city', { city: ' ', country: 'Norway' }),
    odd('place.blank.all', { officeLocation: ' ', city: '\t', state: '', country: '\u00A0', usageLocation: 'NO' }),
    odd('place.city.only', { city: 'Lisbon' }),
    odd('place.usage.only', { usageLocation: 'KE' }),
  ];
}

// A concealed user principal name: 32 hexadecimal digits.
function concealed(): readonly GraphObject[] {
  return [
    'FE7CC8C15246EDCCA289C9A4022762F7',
    '0D1B4D1A2E3C4F5061728394A5B6C7D8',
    'a0b1c2d3e4f5061728394a5b6c7d8e9f',
  ].map((hash) => odd(`concealed ${hash}`, { displayName: hash, userPrincipalName: hash, mail: null }));
}

function others(): readonly GraphObject[] {
  return [
    odd('all.null', { displayName: null, mail: null, accountEnabled: null, createdDateTime: null, userType: null }),
    odd('mixed.case', {
      userPrincipalName: 'Mixed.Case@NORTHWIND-BIKES.example',
      mail: 'Mixed.Case@northwind-bikes.EXAMPLE',
    }),
    odd('$dollar', { userPrincipalName: at('$dollar'), displayName: 'Room $1' }),
    odd('conf.room.adams', { displayName: 'Conf Room Adams', isResourceAccount: null, givenName: null, surname: null }),
  ];
}
