/**
 * What the views of applications, access and sign-ins must say of a tenant, derived from the contract a second time, on
 * purpose in the plainest way: the tests hold the product against this. Moments are compared in milliseconds.
 */
import type { TenantData } from '../../src/emulator/index.js';
import { expectedRoster, type RosterFilters } from './roster-oracle.js';
import { usersOf } from './setup/world.js';

type Graph = Readonly<Record<string, unknown>>;
/** Trimmed; null if nothing is left. */
const text = (value: unknown): string | null =>
  typeof value === 'string' ? value.replaceAll(/^[\s\u0085]+|[\s\u0085]+$/g, '') || null : null;
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const inside = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? new Map<string, unknown>(Object.entries(value)).get(name) : undefined;
export const ms = (date: unknown): number | null => (typeof date === 'string' ? Date.parse(date) : null);

const ZERO = '00000000-0000-0000-0000-000000000000';
const MICROSOFT = ['f8cdef31-a31e-4b4a-93e4-5f571e91255a', '72f988bf-86f1-41af-91ab-2d7cd011db47'];
export const DAY = 86_400_000;

/** Sorts as the queries below do, by code units. */
export function sortedBy<T>(rows: readonly T[], key: (row: T) => readonly unknown[]): T[] {
  const ordered = rows.map((row) => ({ row, key: key(row).map(String).join(' ') }));
  return ordered.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ row }) => row);
}

const principalsOf = ({ servicePrincipals }: TenantData): Graph[] =>
  servicePrincipals.places(-1, Number.MAX_SAFE_INTEGER).map((place) => servicePrincipals.at(place));

export function expectedApplications(tenant: TenantData) {
  const rows = principalsOf(tenant)
    .filter(({ servicePrincipalType: type }) => type !== 'ManagedIdentity' && type !== 'ServiceIdentity')
    .map((principal) => ({
      tenant_id: tenant.tenantId,
      application_id: text(principal['appId']),
      application_name: text(principal['displayName']) ?? text(principal['appDisplayName']),
      app_instance_id: String(principal['id']),
      open_access: principal['appRoleAssignmentRequired'] === false,
      publisher: publisherOf(principal, tenant),
      oauth2_integration:
        principal['preferredSingleSignOnMode'] === 'oidc' ||
        (text(principal['preferredSingleSignOnMode']) === null && list(principal['oauth2PermissionScopes']).length > 0),
      sso_mode: text(principal['preferredSingleSignOnMode']),
      account_enabled: principal['accountEnabled'] ?? null,
    }));
  return sortedBy(rows, (row) => [row.app_instance_id]);
}

function publisherOf(principal: Graph, { tenantId, organization }: TenantData): string | null {
  const verified = text(inside(principal['verifiedPublisher'], 'displayName'));
  if (verified) return verified;
  const owner = text(principal['appOwnerOrganizationId']);
  if (owner !== null && MICROSOFT.includes(owner)) return 'Microsoft';
  return owner === tenantId ? text(organization['displayName']) : null;
}

export const APPLICATIONS_SQL = `
  select tenant_id, application_id, application_name, app_instance_id, open_access, publisher, oauth2_integration,
         sso_mode, account_enabled
  from rollcall.discovered_applications order by app_instance_id::text collate "C"`;

interface Grant {
  readonly userId: string;
  readonly group: string | null;
  readonly since: number | null;
}

/** Every single way in which somebody may use an application: one for each assignment, and one for each member of it. */
function grantsOf(tenant: TenantData, appInstanceId: string): Grant[] {
  return tenant.appRoleAssignments.of(appInstanceId).flatMap((assignment): Grant[] => {
    const principal = String(assignment['principalId']);
    const since = ms(assignment['createdDateTime']);
    if (assignment['principalType'] === 'User') return [{ userId: principal, group: null, since }];
    if (assignment['principalType'] !== 'Group' || tenant.groups.get(principal) === undefined) return [];
    const people = tenant.members.of(principal).filter(({ type }) => type === 'user');
    return people.map(({ id }) => ({ userId: id, group: principal, since }));
  });
}

export function expectedAccess(tenant: TenantData, filters: RosterFilters) {
  const people = expectedRoster(usersOf(tenant), filters);
  const rows = expectedApplications(tenant).flatMap((application) => {
    const grants = grantsOf(tenant, application.app_instance_id);
    return people.flatMap((person) => {
      const mine = grants.filter(({ userId }) => userId === person.user_id);
      if (mine.length === 0) return [];
      const groups = mine.flatMap(({ group }) => (group === null ? [] : [group]));
      const dates = mine.flatMap(({ since }) => (since === null ? [] : [since]));
      return {
        tenant_id: tenant.tenantId,
        application_id: application.application_id,
        application_name: application.application_name,
        app_instance_id: application.app_instance_id,
        user_id: person.user_id,
        email: person.email,
        first_name: person.first_name,
        last_name: person.last_name,
        active_date: dates.length === 0 ? null : Math.min(...dates),
        assigned_directly: mine.some(({ group }) => group === null),
        via_groups: [...new Set(groups)].sort(),
      };
    });
  });
  return sortedBy(rows, (row) => [row.app_instance_id, row.user_id]);
}

export const ACCESS_SQL = `
  select tenant_id, application_id, application_name, app_instance_id, user_id, email, first_name, last_name,
         floor(extract(epoch from active_date) * 1000)::float8 as active_date, assigned_directly,
         via_groups::text[] as via_groups
  from rollcall.sso_roster order by app_instance_id::text collate "C", user_id::text collate "C"`;

/** The sign-ins that a first run meets which began to look at `since`. Newest first, as Graph lists them. */
export const signInsSince = ({ signIns }: TenantData, since: string): Graph[] =>
  [...signIns.newestFirst()].filter((signIn) => Number(ms(signIn['createdDateTime'])) >= Date.parse(since));

/** The codes of the sample and of the tests that Entra shows as "Interrupted". */
const INTERRUPTS = [
  50_055, 50_058, 50_072, 50_074, 50_076, 50_079, 50_097, 50_125, 50_140, 50_158, 65_001, 70_043, 70_044,
];

const isAnonymous = (signIn: Graph): boolean => {
  const name = text(signIn['userPrincipalName']) ?? '';
  const nobody = idOf(signIn['userId']) === null;
  return nobody || /^[0-9a-f]{32}$/i.test(name) || name.includes('{PII Removed}');
};

const placeOf = ({ location }: Graph): string | null =>
  ['city', 'state', 'countryOrRegion'].map((name) => text(inside(location, name))).filter(Boolean).join(', ') || null; // prettier-ignore

const idOf = (id: unknown): string | null => (id === ZERO ? null : (text(id)?.toLowerCase() ?? null));
const isFailure = (code: unknown): boolean => typeof code === 'number' && code !== 0 && !INTERRUPTS.includes(code);
const errorOf = ({ status }: Graph): unknown => inside(status, 'errorCode');

/** @param signIns newest first */
export function expectedSignIns(tenant: TenantData, filters: RosterFilters, signIns: readonly Graph[]) {
  const people = new Map(expectedRoster(usersOf(tenant), filters).map((person) => [person.user_id, person]));
  const names = new Map(expectedApplications(tenant).map((row) => [row.application_id, row.application_name]));
  const groups = new Map<string, Graph[]>();
  for (const signIn of signIns) {
    // A person is the id; whoever names no person is the pseudonym, whatever the case of its letters.
    const pseudonym = isAnonymous(signIn) ? String(text(signIn['userPrincipalName'])).toLowerCase() : '';
    const key = [isAnonymous(signIn), idOf(signIn['userId']), idOf(signIn['appId']), pseudonym].join(' ');
    groups.set(key, [...(groups.get(key) ?? []), signIn]);
  }
  const rows = [...groups.values()].flatMap((events) => {
    const logins = events.filter((event) => errorOf(event) === 0);
    const [latest] = events;
    const [latestLogin] = logins;
    if (latest === undefined || latestLogin === undefined) return [];
    const anonymized = isAnonymous(latest);
    const userId = idOf(latest['userId']);
    const person = anonymized ? undefined : people.get(String(userId));
    if (!anonymized && person === undefined) return [];
    const applicationId = idOf(latest['appId']);
    return {
      tenant_id: tenant.tenantId,
      user_id: userId,
      user_principal_name: text(latest['userPrincipalName']),
      email: person?.email ?? null,
      application_id: applicationId,
      application_name: names.get(applicationId) ?? text(latest['appDisplayName']),
      last_login: ms(latestLogin['createdDateTime']),
      login_location: placeOf(latestLogin),
      login_count: logins.length,
      interrupted_count: events.filter((event) => INTERRUPTS.includes(Number(errorOf(event)))).length,
      failed_count: events.filter((event) => isFailure(errorOf(event))).length,
      anonymized,
    };
  });
  return sortedBy(rows, (row) => [
    row.application_id,
    row.user_id,
    row.anonymized,
    row.user_principal_name?.toLowerCase(),
  ]);
}

export const SIGN_INS_SQL = `
  select tenant_id, user_id, user_principal_name, email, application_id, application_name,
         floor(extract(epoch from last_login) * 1000)::float8 as last_login, login_location,
         login_count::int as login_count, interrupted_count::int as interrupted_count, failed_count::int as failed_count, anonymized
  from rollcall.sso_access
  order by concat_ws(' ', coalesce(application_id::text, 'null'), coalesce(user_id::text, 'null'), anonymized::text,
    coalesce(lower(user_principal_name), 'undefined')) collate "C"`;
