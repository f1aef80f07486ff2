import type { Filters } from '../task.js';
import type { GraphUser } from './graph-user.js';
import type { UserRow } from './normalize.js';

/** The filter that leaves a user out, if one does. */
export function filterUser(
  row: UserRow,
  { includeGuests, includeAgents, domainNames }: Filters,
  user: GraphUser,
): 'guest' | 'agent' | 'domain' | undefined {
  if (!includeAgents && row.userType === 'Agent') return 'agent';
  if (!includeGuests && row.userType === 'Guest') return 'guest';
  if (domainNames.length > 0 && !domainsOf(user).some((domain) => domainNames.includes(domain))) return 'domain';
  return undefined;
}

/**
 * A guest's user principal name (`name_home.example#EXT#@tenant.example`) always ends in the tenant's own domain; the mail
 * address tells where the guest comes from, or the other addresses of a guest who has no mailbox in the directory.
 * @see https://learn.microsoft.com/entra/external-id/user-properties
 */
function domainsOf({ userPrincipalName, mail, otherMails }: GraphUser): string[] {
  const name = userPrincipalName?.name ?? null;
  if (!/#ext#@/i.test(name ?? '')) return domainOf(name);
  const [home] = domainOf(mail);
  return home === undefined ? otherMails.flatMap(domainOf) : [home];
}

/** The domain of an address, in lower case; none of what is no address. */
function domainOf(address: string | null): string[] {
  const at = address?.lastIndexOf('@') ?? -1;
  return address === null || at === -1 ? [] : [address.slice(at + 1).toLowerCase()];
}
