import { randomUUID } from 'node:crypto';
import { describeIssues, tenantsFileSchema } from './tenant.js';

const tenant = (name: string, special: object = {}) => ({
  name,
  tenant_id: randomUUID(),
  client_id: 'a',
  secret_ref: 'env:A_SECRET',
  ...special,
});
/** What is wrong with a file. */
function faults(...tenants: object[]): string[] {
  const parsed = tenantsFileSchema.safeParse({ tenants });
  return parsed.success ? [] : describeIssues(parsed.error);
}
const ID = randomUUID();

test.each([
  ['name', [tenant('a'), tenant('b'), tenant('a')], ['tenants.2.name: two tenants have this one']],
  [
    'id, whatever its case',
    [tenant('a', { tenant_id: ID }), tenant('b', { tenant_id: ID.toUpperCase() })],
    ['tenants.1.tenant_id: two tenants have this one'],
  ],
  ['role', [tenant('a', { role: 'r' }), tenant('b', { role: 'r' })], ['tenants.1.role: two tenants have this one']],
  ['role if they have none', [tenant('a'), tenant('b', { role: null })], []],
])('two tenants of a file and one %s', (_, tenants, expected) => {
  expect(faults(...tenants)).toEqual(expected);
});

test.each<[object, string | undefined]>([
  [{}, undefined],
  [{ secret_ref: null }, 'secret_ref: expected where the secret is'],
  [{ secret_ref: 'hunter2' }, 'secret_ref: expected where the secret is'],
  [{ client_id: '' }, 'client_id: expected the application (client) id'],
  [{ password_ref: 'env:P' }, 'password_ref: only the file of a certificate has a password'],
  [{ credential: 'certificate' }, 'secret_ref: expected file: and the path'],
  [{ credential: 'certificate', secret_ref: null }, 'secret_ref: expected where the secret is'],
  [{ credential: 'certificate', secret_ref: 'file:/c.pem', password_ref: 'env:P' }, undefined],
  [{ credential: 'federated' }, 'secret_ref: expected file: and the path'],
  [{ credential: 'federated', secret_ref: null }, 'secret_ref: expected file: and the path of the token'],
  [{ credential: 'federated', secret_ref: 'file:/token' }, undefined],
  [{ credential: 'managed-identity' }, 'secret_ref: a managed identity has no secret'],
  [{ credential: 'managed-identity', secret_ref: null, client_id: '' }, undefined],
  [{ role: 'pg_read_all_data' }, 'role: expected the name of a database role'],
  [{ role: 'Acme' }, 'role: expected the name of a database role'],
  [{ schedule_nightly: '0 0 30 2 *' }, 'schedule_nightly: a cron pattern'],
  [{ domain_names: ['-contoso.com'] }, 'domain_names.0: expected a domain name'],
])('a tenant with %j', (special, expected) => {
  const found = faults(tenant('a', special));
  expect(found).toEqual(expected === undefined ? [] : [expect.stringContaining(`tenants.0.${expected}`)]);
  expect(found.join('')).not.toContain('hunter2');
});
