import { SAMPLE_ROLES } from '../sample/constants.js';
import { createDirectoryTable } from '../tenant/directory-table.js';
import { createLinkTable } from '../tenant/link-table.js';
import { keptObjects } from '../tenant/object-source.js';
import { createSignInLog } from '../tenant/sign-in-log.js';
import type { TenantData } from '../tenant/tenant-data.js';
import { GENERATED_DOMAIN, generatedUser } from './generated-user.js';
import { madeObjects, numberedIds } from './numbered.js';

/** The tenant that `generateTenant` makes, and the application that may read it. */
export const GENERATED_TENANT_ID = 'b19b19b1-0000-4000-8000-00000000c0de';
export const GENERATED_CLIENT_ID = 'b19b19b1-0000-4000-8000-0000000000a1';
export const GENERATED_CLIENT_SECRET = 'emulator-only~not-a-real-secret';

export interface GenerateOptions {
  readonly users: number;
  readonly seed?: number | undefined;
}

/** A tenant of any size, for benchmarks: its objects are made when asked for and take no memory. */
export function generateTenant({ users, seed = 1 }: GenerateOptions): TenantData {
  const userIds = numberedIds('user', seed, users);
  return {
    tenantId: GENERATED_TENANT_ID,
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
    servicePrincipals: createDirectoryTable(keptObjects([])),
    groups: createDirectoryTable(keptObjects([])),
    devices: createDirectoryTable(keptObjects([])),
    contacts: createDirectoryTable(keptObjects([])),
    members: createLinkTable(),
    appRoleAssignments: createLinkTable(),
    signIns: createSignInLog(),
    organization: { id: GENERATED_TENANT_ID, displayName: 'Big Example', tenantType: 'AAD' },
    subscribedSkus: [],
    verifiedDomains: [],
  };
}
