import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { saveTenants, type Database } from '../../../src/store/index.js';
import { tenantFields } from '../../../src/settings/tenant.js';
import { generateTenant, type Application, type TenantData } from '../../../src/emulator/index.js';

const ROLES = [
  'User.Read.All',
  'Application.Read.All',
  'GroupMember.Read.All',
  'AuditLog.Read.All',
  'ReportSettings.Read.All',
];

export interface TestTenant {
  readonly name: string;
  readonly data: TenantData;
  readonly application: Application;
  readonly secret: string;
}

/** A tenant of its own: other ids, other people, another application with another secret. */
export function tenantNumber(number: number, { users = 60, signIns = 40 } = {}): TestTenant {
  const digit = String(number);
  const tenantId = `${digit.repeat(8)}-0000-4000-8000-00000000c0de`;
  const clientId = `${digit.repeat(8)}-0000-4000-8000-0000000000a1`;
  const secret = `emulator-only-of-tenant-${digit}`;
  const application: Application = {
    clientId,
    enabled: true,
    secrets: [{ id: `${digit.repeat(8)}-0000-4000-8000-0000000005ec`, value: secret }],
    roles: ROLES,
  };
  const generated = generateTenant({
    users,
    signIns,
    servicePrincipals: 6,
    groups: 3,
    membersPerGroup: 5,
    assignmentsPerApplication: 4,
    seed: number,
  });
  const displayName = `Company ${digit}`;
  const data: TenantData = {
    ...generated,
    tenantId,
    displayName,
    applications: new Map([[clientId, application]]),
    organization: { ...generated.organization, id: tenantId, displayName },
  };
  return { name: `company-${digit}`, data, application, secret };
}

/** Secrets where a worker finds them: one variable and one file for each tenant. */
export async function secretsOf(tenants: readonly TestTenant[]) {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-secrets-'));
  const environment: Record<string, string> = {};
  for (const { name, secret } of tenants) {
    environment[variableOf(name)] = secret;
    await writeFile(join(folder, name), `${secret}\n`);
  }
  return {
    environment,
    folder,
    fileOf: (name: string) => `file:${join(folder, name)}`,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

export const variableOf = (name: string) => `SECRET_OF_${name.toUpperCase().replaceAll('-', '_')}`;

/** The arguments that add a tenant whose secret is in a variable. */
export const addArguments = ({ name, data, application }: TestTenant, ...more: string[]): string[] => [
  'tenants',
  'add',
  name,
  '--tenant-id',
  data.tenantId,
  '--client-id',
  application.clientId,
  '--secret-ref',
  `env:${variableOf(name)}`,
  ...more,
];

/** Writes tenants down as `tenants add` does, with their secrets in variables; nobody looks at them before. */
export const keep = (database: Database, tenants: readonly TestTenant[], more: object = {}): Promise<void> =>
  saveTenants(
    database,
    tenants.map(({ name, data, application }) =>
      tenantFields.parse({
        name,
        tenant_id: data.tenantId,
        client_id: application.clientId,
        secret_ref: `env:${variableOf(name)}`,
        ...more,
      }),
    ),
  );

/** The settings without the tenant that they describe. */
export const withoutTenant = (environment: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(environment).filter(
      ([name]) => !['AZURE_TENANT_ID', 'AZURE_CLIENT_ID', 'AZURE_CLIENT_SECRET'].includes(name),
    ),
  );
