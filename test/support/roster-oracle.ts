/**
 * What `hr_roster` must say of a tenant, derived from the contract a second time, on purpose in the plainest way: the
 * tests hold the product against this.
 */
export interface RosterFilters {
  readonly includeGuests: boolean;
  readonly includeAgents?: boolean;
  readonly domainNames: readonly string[];
}

type Graph = Record<string, unknown>;
/** Trimmed; null if nothing is left. */
const text = (value: unknown): string | null =>
  typeof value === 'string' ? value.replaceAll('\0', '').replaceAll(/^[\s\u0085]+|[\s\u0085]+$/g, '') || null : null;
const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map((each) => text(each) ?? '') : []);

export function expectedRoster(users: readonly Graph[], filters: RosterFilters) {
  return users
    .filter((user) => passes(user, filters))
    .map((user) => expectedRow(user))
    .sort((a, b) => (a.user_id < b.user_id ? -1 : 1));
}

function passes(user: Graph, { includeGuests, includeAgents = false, domainNames }: RosterFilters): boolean {
  if (typeOf(user) === 'Agent' && !includeAgents) return false;
  if (typeOf(user) === 'Guest' && !includeGuests) return false;
  if (domainNames.length === 0) return true;
  const name = text(user['userPrincipalName']) ?? '';
  const mail = text(user['mail']);
  const home = mail === null ? texts(user['otherMails']) : [mail];
  const addresses = name.includes('#EXT#@') ? home : [name];
  return addresses.some((address) => domainNames.some((domain) => address.toLowerCase().endsWith(`@${domain}`)));
}

function typeOf(user: Graph): string | null {
  if (String(user['@odata.type']).endsWith('.agentUser')) return 'Agent';
  const type = text(user['userType']);
  if (type?.toLowerCase() === 'member') return 'Member';
  return type?.toLowerCase() === 'guest' ? 'Guest' : type;
}

function expectedRow(user: Graph) {
  const mail = text(user['mail'])?.toLowerCase() || null;
  const smtp = texts(user['proxyAddresses'])
    .filter((address) => address.toLowerCase().startsWith('smtp:'))
    .map((address) => address.slice(5));
  const aliases = [...smtp, ...texts(user['otherMails'])].map((address) => address.trim().toLowerCase());
  const dates = [user['employeeHireDate'], user['createdDateTime']]
    .map(text)
    .filter((date) => date && !/^(0001|1601)-/.test(date));
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
    user_type: typeOf(user),
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
