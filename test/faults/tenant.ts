import { generateTenant, type GraphObject, type TenantData } from '../../src/emulator/index.js';
import { objectsOf } from '../support/setup/access-tenant.js';

/** Graph's pages are this small here: every list has a first page, one in the middle and a last one. */
export const PAGE = 5;
const MINUTE = 60_000;

/** A group that has access to one application, and to nothing else. */
export const ONLY_HERE = { group: 'a0a0a0a0-0000-4000-8000-000000000006', assignment: 'the-only-assignment' } as const;
const LEAVING = 'a0a0a0a0-0000-4000-8000-000000000005';

/** As it was when it was read before. */
export function earlierTenant(now: Date): TenantData {
  const sizes = { users: 22, servicePrincipals: 11, groups: 3, signIns: 66 };
  const tenant = generateTenant({ ...sizes, membersPerGroup: 11, assignmentsPerApplication: 11, now });
  const [copied] = objectsOf(tenant.servicePrincipals);
  // Nobody has access to it: when it goes, no more goes than on any day.
  tenant.servicePrincipals.put({ ...copied!, id: LEAVING, displayName: 'Leaving', appId: LEAVING });
  const [group] = objectsOf(tenant.groups);
  tenant.groups.put({ ...group!, id: ONLY_HERE.group, displayName: 'Only Here' });
  for (const { id } of objectsOf(tenant.users).slice(4, 8)) tenant.members.add(ONLY_HERE.group, { type: 'user', id });
  const [assignment] = tenant.appRoleAssignments.of(copied!.id);
  tenant.appRoleAssignments.add(copied!.id, {
    ...assignment!,
    id: ONLY_HERE.assignment,
    principalId: ONLY_HERE.group,
    principalType: 'Group',
  });
  return tenant;
}

/** As it is now: of everything something was added, changed and removed. */
export function tenantNow(now: Date): TenantData {
  const tenant = earlierTenant(now);
  change(tenant, now);
  return tenant;
}

/** Makes the earlier tenant the one of now. */
export function change(tenant: TenantData, now: Date): void {
  const [first, second, third, fourth] = objectsOf(tenant.users);
  tenant.users.update(first!.id, { department: 'Moved', displayName: 'Renamed Person' });
  tenant.users.hardDelete(second!.id);
  tenant.users.put({ ...third!, id: 'a0a0a0a0-0000-4000-8000-000000000001', displayName: 'New Person' });
  tenant.users.put({ ...fourth!, id: 'a0a0a0a0-0000-4000-8000-000000000002', userPrincipalName: 'new@big.example' });

  const [app, copied] = objectsOf(tenant.servicePrincipals);
  tenant.servicePrincipals.update(app!.id, { displayName: 'Renamed Application' });
  tenant.servicePrincipals.hardDelete(LEAVING);
  const added = { ...copied!, id: 'a0a0a0a0-0000-4000-8000-000000000003', displayName: 'New Application' };
  tenant.servicePrincipals.put({ ...added, appId: 'a0a0a0a0-0000-4000-8000-000000000004' });

  for (const { id } of objectsOf(tenant.servicePrincipals).slice(0, 3)) {
    const [assignment] = tenant.appRoleAssignments.of(id);
    tenant.appRoleAssignments.remove(id, (each) => each === assignment);
    if (assignment !== undefined)
      tenant.appRoleAssignments.add(id, {
        ...assignment,
        id: `made-by-the-test-${id}`,
        principalId: third!.id,
        principalType: 'User',
      });
  }
  for (const { id } of objectsOf(tenant.groups)) {
    const [member] = tenant.members.of(id);
    tenant.members.remove(id, (each) => each.id === member?.id);
    tenant.members.add(id, { type: 'user', id: 'a0a0a0a0-0000-4000-8000-000000000001' });
  }
  tenant.signIns.add(...lateSignIns(tenant, now));
}

export const lateSignInId = (index: number): string =>
  `a0a0a0a0-0000-4000-8000-0000000001${String(index).padStart(2, '0')}`;

/** Sign-ins within the hours that are always read again: new ones, and one that was corrected. */
function lateSignIns({ signIns }: TenantData, now: Date): GraphObject[] {
  const [newest] = signIns.newestFirst();
  const made = Array.from({ length: 10 }, (_, index) => ({
    ...newest!,
    id: lateSignInId(index),
    createdDateTime: new Date(now.valueOf() - (index + 1) * MINUTE).toISOString(),
  }));
  return [...made, { ...newest!, status: { errorCode: 50126 } }];
}
