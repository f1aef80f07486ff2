import type { Filters } from '../task.js';
import type { UserRow } from './normalize.js';

/** The filter that leaves a user out, if one does. */
export function filterUser(user: UserRow, { includeGuests, domainNames }: Filters): 'guest' | 'domain' | undefined {
  if (!includeGuests && user.userType?.toLowerCase() === 'guest') return 'guest';
  if (domainNames.length > 0 && !domainNames.includes(domainOf(user))) return 'domain';
  return undefined;
}

/**
 * A guest's user principal name (`name_home.example#EXT#@tenant.example`) always ends in the tenant's own domain; the
 * domain of the mail address tells where the guest comes from.
 * @see https://learn.microsoft.com/entra/external-id/user-properties
 */
function domainOf({ userPrincipalName, email }: UserRow): string {
  const isGuestName = /#ext#@/i.test(userPrincipalName ?? '');
  const address = (isGuestName ? email : userPrincipalName) ?? '';
  const at = address.lastIndexOf('@');
  return at === -1 ? '' : address.slice(at + 1).toLowerCase();
}
