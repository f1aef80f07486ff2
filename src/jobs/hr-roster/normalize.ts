import type { RowOf } from '../../store/index.js';
import type { users } from '../../store/index.js';
import type { GraphUser } from './graph-user.js';

export type UserRow = RowOf<typeof users>;

/** A user of Graph as a row of the roster. */
export function toUserRow(user: GraphUser): UserRow {
  const email = user.mail ? user.mail.toLowerCase() : null;
  return {
    userId: user.id,
    userPrincipalName: user.userPrincipalName?.name ?? null,
    email,
    emailAliases: emailAliases(user, email),
    firstName: user.givenName ?? null,
    lastName: user.surname ?? null,
    displayName: user.displayName ?? null,
    activeDate: user.employeeHireDate ?? user.createdDateTime ?? null,
    department: user.department ?? null,
    location: location(user),
    userType: user.userType ?? null,
    accountEnabled: user.accountEnabled ?? null,
    anonymized: user.userPrincipalName?.isConcealed ?? false,
  };
}

/** Mail addresses among the proxy addresses carry the prefix `smtp:` (`SMTP:` the primary one); others are phones and the like. */
function emailAliases({ proxyAddresses, otherMails }: GraphUser, email: string | null): string[] {
  const proxies = (proxyAddresses ?? [])
    .filter((address) => /^\s*smtp:/i.test(address))
    .map((address) => address.replace(/^\s*smtp:/i, ''));
  const addresses = [...proxies, ...(otherMails ?? [])].map((address) => address.trim().toLowerCase());
  return [...new Set(addresses)].filter((address) => address !== '' && address !== email).sort();
}

function location({ officeLocation, city, state, country, usageLocation }: GraphUser): string | null {
  return officeLocation || [city, state, country].filter(Boolean).join(', ') || usageLocation || null;
}
