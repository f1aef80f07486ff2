/**
 * What `hr_roster` must say of a tenant, derived from the contract a second time, on purpose in the plainest way: the
 * tests hold the product against this.
 */
export interface RosterFilters {
  readonly includeGuests: boolean;
  readonly domainNames: readonly string[];
}

type Graph = Record<string, unknown>;
const text = (value: unknown): string | null => (typeof value === 'string' ? value.replaceAll('\0', '') : null);
const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

export function expectedRoster(users: readonly Graph[], filters: RosterFilters) {
  return users
    .filter((user) => passes(user, filters))
    .map((user) => expectedRow(user))
    .sort((a, b) => (a.user_id < b.user_id ? -1 : 1));
}

function passes(user: Graph, { includeGuests, domainNames }: RosterFilters): boolean {
  if (user['userType'] === 'Guest' && !includeGuests) return false;
  if (domainNames.length === 0) return true;
  const name = text(user['userPrincipalName']) ?? '';
  const address = name.includes('#EXT#@') ? (text(user['mail']) ?? '') : name;
  return domainNames.includes(address.split('@').at(-1)!.toLowerCase()) && address.includes('@');
}

function expectedRow(user: Graph) {
  const mail = text(user['mail'])?.toLowerCase() || null;
  const smtp = texts(user['proxyAddresses'])
    .filter((address) => address.toLowerCase().startsWith('smtp:'))
    .map((address) => address.slice(5));
  const aliases = [...smtp, ...texts(user['otherMails'])].map((address) => address.trim().toLowerCase());
  const dates = [user['employeeHireDate'], user['createdDateTime']]
    .map(text)
    .filter((date) => date && !date.startsWith('0001-'));
  const place = ['city', 'state', 'country'].map((name) => text(user[name])).filter(Boolean);
  const name = text(user['userPrincipalName']);
  return {
    user_id: String(user['id']),
    user_principal_name: name,
    email: mail,
    email_aliases: [...new Set(aliases)].filter((alias) => alias !== '' && alias !== mail).sort(),
    first_name: text(user['givenName']),
    last_name: text(user['surname']),
    display_name: text(user['displayName']),
    // Milliseconds are what both sides can compare; the microseconds have a test of their own.
    active_date: dates[0] ? Math.floor(Date.parse(dates[0])) : null,
    department: text(user['department']),
    location: text(user['officeLocation']) || place.join(', ') || text(user['usageLocation']) || null,
    user_type: text(user['userType']),
    account_enabled: typeof user['accountEnabled'] === 'boolean' ? user['accountEnabled'] : null,
    anonymized: /^[0-9a-f]{32}$/i.test(name ?? '') || (name ?? '').includes('{PII Removed}'),
  };
}

/** Gives the view in the shape of the oracle. */
export const ROSTER_SQL = rosterSql('true');

/** The same of one of several tenants. */
export const rosterOf = (tenantId: string) => rosterSql(`tenant_id = '${tenantId}'`);

function rosterSql(where: string): string {
  return `
  select user_id, user_principal_name, email, email_aliases, first_name, last_name, display_name,
         floor(extract(epoch from active_date) * 1000)::float8 as active_date,
         department, location, user_type, account_enabled, anonymized
  from rollcall.hr_roster where ${where} order by user_id::text collate "C"`;
}
