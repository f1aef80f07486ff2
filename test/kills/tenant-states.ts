import { generateTenant, type GraphObject, type TenantData } from '../../src/emulator/index.js';
import { usersOf } from '../support/setup/world.js';

const SIZES = { users: 2300, servicePrincipals: 24, groups: 6, membersPerGroup: 120, assignmentsPerApplication: 12 };
const SIGN_INS = 1800;
const DAY = 86_400_000;
const HOUR = 3_600_000;

/** A tenant of several pages, the same for the same `now`. */
export function firstState(now: Date): TenantData {
  const tenant = generateTenant({ ...SIZES, now });
  // Graph keeps sign-ins for 30 days: one at that edge would be there for one reader and gone for the next.
  const oldest = new Date(now.valueOf() - 25 * DAY).toISOString();
  const { signIns } = generateTenant({ ...SIZES, signIns: SIGN_INS, now });
  tenant.signIns.add(...[...signIns.newestFirst()].filter((event) => String(event['createdDateTime']) > oldest));
  return tenant;
}

/** What administrators and people do between two rounds: adds, changes and removals of every kind. Depends on nothing but the round. */
export function changeState(tenant: TenantData, round: number, now: Date): void {
  const users = usersOf(tenant).map((user) => ({ ...user, id: String(user['id']) }));
  const nth = (index: number) => {
    const user = users[(round * 97 + index * 31) % users.length];
    if (user === undefined) throw new Error('the tenant has no people');
    return user;
  };
  for (let index = 0; index < 20; index += 1) tenant.users.update(nth(index).id, { department: `Round ${round}` });
  for (let index = 20; index < 25; index += 1) tenant.users.softDelete(nth(index).id);
  // Who is hidden from the roster by a filter, and who comes back.
  tenant.users.update(nth(26).id, { userType: round % 2 === 0 ? 'Member' : 'Guest' });
  const [left] = [...tenant.users.removals()];
  if (round % 2 === 0 && left !== undefined) tenant.users.restore(left[0]);
  for (let index = 0; index < 4; index += 1) {
    const mail = `new.${round}.${index}@big.example`;
    tenant.users.put({ ...nth(30 + index), id: guid('1', round, index), mail, userPrincipalName: mail });
  }
  changeApplications(tenant, round, nth);
  changeGroups(tenant, round, nth);
  addSignIns(tenant, round, now);
}

type Nth = (index: number) => GraphObject;

function changeApplications({ servicePrincipals, appRoleAssignments }: TenantData, round: number, nth: Nth): void {
  const places = servicePrincipals.places(-1, Number.MAX_SAFE_INTEGER);
  const app = (index: number) => servicePrincipals.at(places[(round * 5 + index) % places.length] ?? 0);
  servicePrincipals.update(app(0).id, { displayName: `Renamed in round ${round}` });
  servicePrincipals.hardDelete(app(1).id);
  const added = { ...app(2), id: guid('2', round, 0), appId: guid('2', round, 1), displayName: `New ${round}` };
  servicePrincipals.put(added);
  const [grant] = appRoleAssignments.of(app(3).id);
  if (grant === undefined) return;
  appRoleAssignments.remove(app(3).id, ({ id }) => id === grant.id);
  for (const [index, resource] of [added, app(4)].entries()) {
    const { id: principalId } = nth(40 + index);
    const id = `granted-in-round-${String(round).padStart(4, '0')}-${index}-AbCdEfGhIjKlMnOp`;
    appRoleAssignments.add(resource.id, { ...grant, id, principalId, principalType: 'User', resourceId: resource.id });
  }
}

function changeGroups({ groups, members }: TenantData, round: number, nth: Nth): void {
  const places = groups.places(-1, Number.MAX_SAFE_INTEGER);
  const { id } = groups.at(places[round % places.length] ?? 0);
  const [first] = members.of(id);
  if (first !== undefined) members.remove(id, (member) => member.id === first.id);
  members.add(id, { type: 'user', id: guid('1', round, 0) }, { type: 'user', id: nth(50).id });
}

/** Within the overlap in which late sign-ins are still met: some new, one corrected, one of somebody concealed. */
function addSignIns({ signIns }: TenantData, round: number, now: Date): void {
  const [newest] = signIns.newestFirst();
  if (newest === undefined) throw new Error('the tenant has no sign-ins');
  const at = (hours: number) => new Date(now.valueOf() - hours * HOUR - round * 1000).toISOString();
  signIns.add(...[1, 2, 3].map((hours) => ({ ...newest, id: guid('3', round, hours), createdDateTime: at(hours) })), {
    ...newest,
    id: guid('3', round, 4),
    createdDateTime: at(1.5),
    userPrincipalName: '0123456789abcdef0123456789abcdef',
  });
  if (round < 2) return;
  const corrected = [...signIns.newestFirst()].find(({ id }) => id === guid('3', round - 1, 2));
  if (corrected !== undefined) signIns.add({ ...corrected, status: { errorCode: 50126 } });
}

const guid = (kind: string, round: number, index: number) =>
  `0000000${kind}-0000-4000-8000-${String(round * 100 + index).padStart(12, '0')}`;
