import type { RowOf, users } from '../../store/index.js';
import type { GraphUser } from './item.js';

export type UserRow = RowOf<typeof users>;

/** A user of Graph as a row of the roster. */
export function toUserRow(user: GraphUser): UserRow {
  const email = user.mail?.toLowerCase() ?? null;
  return {
    userId: user.id,
    userPrincipalName: user.userPrincipalName?.name ?? null,
    email,
    emailAliases: emailAliases(user, email),
    firstName: user.givenName,
    lastName: user.surname,
    displayName: user.displayName,
    activeDate: user.employeeHireDate ?? user.createdDateTime ?? null,
    department: user.department,
    location: location(user),
    userType: userType(user),
    accountEnabled: user.accountEnabled ?? null,
    anonymized: user.userPrincipalName?.isConcealed ?? false,
  };
}

function emailAliases({ proxyAddresses, otherMails }: GraphUser, email: string | null): string[] {
  const addresses = [...proxyAddresses, ...otherMails].map((address) => address.toLowerCase());
  return [...new Set(addresses)].filter((address) => address !== email).sort();
}

function location({ officeLocation, city, state, country, usageLocation }: GraphUser): string | null {
  const place = [city, state, country].filter((part) => part !== null).join(', ');
  return officeLocation ?? (place === '' ? usageLocation : place);
}

const USER_TYPES = ['Member', 'Guest', 'Agent'];

/**
 * Only its type distinguishes the account of an AI agent from a person's: its `userType` is the same.
 * @see https://learn.microsoft.com/graph/api/resources/agentuser
 */
function userType({ '@odata.type': type, userType: told }: GraphUser): string | null {
  if (type !== null && /^#?microsoft\.graph\.agentUser$/i.test(type)) return 'Agent';
  return USER_TYPES.find((known) => known.toLowerCase() === told?.toLowerCase()) ?? told;
}
