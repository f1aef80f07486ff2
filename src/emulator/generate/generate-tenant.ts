import { SAMPLE_CLIENT_SECRET, SAMPLE_ROLES } from '../sample/constants.js';
import { createDirectoryTable } from '../tenant/directory-table.js';
import { createLinkTable } from '../tenant/link-table.js';
import { keptObjects } from '../tenant/object-source.js';
import { createSignInLog } from '../tenant/sign-in-log.js';
import type { TenantData } from '../tenant/tenant-data.js';
import {
  generatedApplication,
  generatedAssignments,
  generatedGroup,
  generatedMembers,
  type LinkPlan,
} from './generated-application.js';
import { generatedSignIn } from './generated-sign-in.js';
import { GENERATED_DOMAIN, generatedUser } from './generated-user.js';
import { madeObjects, numberedIds } from './numbered.js';

/** The tenant that `generateTenant` makes, and the application that may read it. */
export const GENERATED_TENANT_ID = 'b19b19b1-0000-4000-8000-00000000c0de';
export const GENERATED_CLIENT_ID = 'b19b19b1-0000-4000-8000-0000000000a1';
export const GENERATED_CLIENT_SECRET = SAMPLE_CLIENT_SECRET;

export interface GenerateOptions {
  readonly users: number;
  readonly tenantId?: string | undefined;
  readonly servicePrincipals?: number | undefined;
  readonly groups?: number | undefined;
  readonly membersPerGroup?: number | undefined;
  readonly assignmentsPerApplication?: number | undefined;
  readonly signIns?: number | undefined;
  readonly seed?: number | undefined;
  /** The end of the 30 days that the sign-ins cover; the present unless given. */
  readonly now?: Date | undefined;
}

/** A tenant of any size, for benchmarks: its objects are made when asked for and take no memory. */
export function generateTenant(options: GenerateOptions): TenantData {
  const { users, servicePrincipals = 0, groups = 0, signIns = 0, seed = 1, now = new Date() } = options;
  const { tenantId = GENERATED_TENANT_ID } = options;
  const userIds = numberedIds('user', seed, users);
  const groupIds = numberedIds('group', seed, groups);
  const principalIds = numberedIds('service principal', seed, servicePrincipals);
  const appIds = numberedIds('application', seed, servicePrincipals);
  const plan: LinkPlan = {
    userIds,
    groupIds,
    users,
    groups,
    membersPerGroup: options.membersPerGroup ?? 100,
    assignmentsPerApplication: options.assignmentsPerApplication ?? 50,
  };
  const signInPlan = { userIds, appIds, users, applications: servicePrincipals, count: signIns, seed, now };
  return {
    tenantId,
    displayName: 'Big Example',
    domains: [GENERATED_DOMAIN, 'big.onmicrosoft.com'],
    applications: new Map([
      [
        GENERATED_CLIENT_ID,
        {
          clientId: GENERATED_CLIENT_ID,
          enabled: true,
          secrets: [{ id: 'b19b19b1-0000-4000-8000-0000000005ec', value: GENERATED_CLIENT_SECRET }],
          roles: SAMPLE_ROLES,
        },
      ],
    ]),
    premium: true,
    concealedNames: false,
    users: createDirectoryTable(madeObjects(userIds, users, (index, id) => generatedUser(index, id, seed))),
    servicePrincipals: createDirectoryTable(
      madeObjects(principalIds, servicePrincipals, (index, id) => generatedApplication(index, id, appIds)),
    ),
    groups: createDirectoryTable(madeObjects(groupIds, groups, generatedGroup)),
    devices: createDirectoryTable(keptObjects([])),
    contacts: createDirectoryTable(keptObjects([])),
    members: createLinkTable((id) => {
      const index = groupIds.indexOf(id);
      return index === undefined ? [] : generatedMembers(plan, index);
    }),
    appRoleAssignments: createLinkTable((id) => {
      const index = principalIds.indexOf(id);
      return index === undefined ? [] : generatedAssignments(plan, index, id);
    }),
    signIns: createSignInLog(
      madeObjects(numberedIds('sign-in', seed, signIns), signIns, (index, id) =>
        generatedSignIn(signInPlan, index, id),
      ),
    ),
    organization: {
      id: tenantId,
      displayName: 'Big Example',
      tenantType: 'AAD',
      verifiedDomains: [
        { name: GENERATED_DOMAIN, type: 'Managed', capabilities: 'Email', isDefault: true, isInitial: true },
      ],
    },
    subscribedSkus: [],
    verifiedDomains: [],
  };
}
