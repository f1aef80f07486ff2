import { generateTenant, type TenantData } from '../../../src/emulator/index.js';
import { applicationDiscovery } from '../../../src/jobs/application-discovery/index.js';
import {
  ACCESS_SQL,
  APPLICATIONS_SQL,
  expectedAccess,
  expectedApplications,
  expectedSignIns,
  SIGN_INS_SQL,
  signInsSince,
} from '../access-oracle.js';
import { expectedRoster, rosterOf } from '../roster-oracle.js';
import type { TestDatabase } from '../servers/database.js';
import { objectsOf } from './access-tenant.js';
import { createWorld, usersOf, type World } from './world.js';

const EVERYBODY = { includeGuests: true, domainNames: [] };
/** The end of the sign-ins' thirty days: some of them belong to every day of it, in both tenants. */
const DAYS = 30;
const DAY_MS = 86_400_000;

/**
 * Two tenants in one database whose objects have the same ids and differ in what they say: whatever statement forgets whose
 * rows it reads or writes mixes them.
 */
export interface Twins {
  readonly one: TenantData;
  readonly twin: TenantData;
  readonly database: TestDatabase;
  readonly world: World;
  /** Runs tasks of the first; all of them unless said. */
  sync(options?: Parameters<World['sync']>[0]): ReturnType<World['sync']>;
  /** The same of the other. */
  syncTwin(options?: Parameters<World['sync']>[0]): ReturnType<World['sync']>;
  close(): Promise<void>;
}

function tenant(number: number): TenantData {
  const tenantId = `${String(number).repeat(8)}-7777-4777-8777-777777777777`;
  return generateTenant({
    tenantId,
    users: 100,
    servicePrincipals: 8,
    groups: 4,
    membersPerGroup: 8,
    assignmentsPerApplication: 6,
    signIns: 3 * DAYS,
  });
}

/** What the twin says otherwise of objects with the same ids. */
function differ({ users, servicePrincipals, groups, members, appRoleAssignments, signIns }: TenantData): void {
  for (const { id } of objectsOf(users)) users.update(id, { department: 'Twin', mail: `${id}@twin.example` });
  for (const { id } of objectsOf(users).slice(-10)) users.softDelete(id);
  for (const { id } of objectsOf(servicePrincipals)) servicePrincipals.update(id, { displayName: `Twin of ${id}` });
  // The same instances are of other applications there.
  const [first, second] = objectsOf(servicePrincipals);
  servicePrincipals.update(first!.id, { appId: second!['appId'] });
  servicePrincipals.update(second!.id, { appId: first!['appId'] });
  for (const { id } of objectsOf(groups).slice(1)) members.remove(id, ({ id: member }) => member < '8');
  for (const { id } of objectsOf(servicePrincipals).slice(4)) appRoleAssignments.remove(id, () => true);
  for (const event of [...signIns.newestFirst()].slice(0, DAYS)) {
    signIns.add({
      ...event,
      status: { errorCode: 50_126 },
      location: { city: 'Twin', state: '', countryOrRegion: 'TW' },
    });
  }
}

/** Both read once. */
export async function createTwins(): Promise<Twins> {
  const [one, twin] = [tenant(1), tenant(2)];
  differ(twin);
  // Nor has the first everybody whom the other has.
  for (const { id } of objectsOf(one.users).slice(-20, -10)) one.users.softDelete(id);
  const world = await createWorld({ tenant: one });
  const other = await createWorld({ tenant: twin });
  const into = { database: world.database, queue: world.queue, accessLog: world.accessLog };
  const twins: Twins = {
    one,
    twin,
    database: world.database,
    world,
    sync: (options) => world.sync({ ...EVERYBODY, ...options }),
    syncTwin: (options) => other.sync({ ...EVERYBODY, ...into, ...options }),
    async close() {
      await other.close();
      await world.close();
    },
  };
  // Applications before the rest, as their names show in the views.
  await twins.sync({ tasks: [applicationDiscovery] });
  await twins.syncTwin();
  await twins.sync();
  return twins;
}

/** Fails unless every view says of this tenant what the contract says, whatever lies beside it. */
export async function requireRight(
  database: TestDatabase,
  tenant: TenantData,
  filters: typeof EVERYBODY | { includeGuests: boolean; domainNames: string[] } = EVERYBODY,
): Promise<void> {
  const of = (sql: string) => database.rows(`select * from (${sql}) q where tenant_id = $1`, [tenant.tenantId]);
  expect(await database.rows(rosterOf(tenant.tenantId))).toEqual(expectedRoster(usersOf(tenant), filters));
  expect(await of(APPLICATIONS_SQL)).toEqual(expectedApplications(tenant));
  expect(await of(ACCESS_SQL)).toEqual(expectedAccess(tenant, filters));
  const since = new Date(Date.now() - DAYS * DAY_MS).toISOString();
  expect(await of(SIGN_INS_SQL)).toEqual(expectedSignIns(tenant, filters, signInsSince(tenant, since)));
}
