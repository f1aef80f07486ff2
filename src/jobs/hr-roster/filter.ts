import type { Filters } from '../task.js';
import type { GraphUser } from './item.js';
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
 * The properties that decide whether a filter leaves a user out: if Graph sent these, properties that it left out change nothing.
 * An agent may be called a guest; it is a guest only if its type says that it is no agent.
 */
export function restsOn(filter: string, { includeAgents }: Filters, user: GraphUser): readonly string[] {
  if (filter === 'agent') return ['@odata.type'];
  if (filter === 'guest') return includeAgents ? ['userType', '@odata.type'] : ['userType'];
  if (!isExternalName(user)) return ['userPrincipalName'];
  return ['userPrincipalName', 'mail', ...(domainOf(user.mail).length > 0 ? [] : ['otherMails'])];
}

/**
 * A guest's user principal name (`name_home.example#EXT#@tenant.example`) always ends in the tenant's own domain; the mail
 * address shows where the guest comes from, or the other addresses if the guest has no mailbox in the directory.
 * @see https://learn.microsoft.com/entra/external-id/user-properties
 */
function domainsOf(user: GraphUser): string[] {
  const { userPrincipalName, mail, otherMails } = user;
  if (!isExternalName(user)) return domainOf(userPrincipalName?.name ?? null);
  const [home] = domainOf(mail);
  return home === undefined ? otherMails.flatMap(domainOf) : [home];
}

const isExternalName = ({ userPrincipalName }: GraphUser): boolean => /#ext#@/i.test(userPrincipalName?.name ?? '');

/** The domain of an address, in lower case; none if it is no address. */
function domainOf(address: string | null): string[] {
  const at = address?.lastIndexOf('@') ?? -1;
  return address === null || at === -1 ? [] : [address.slice(at + 1).toLowerCase()];
}
