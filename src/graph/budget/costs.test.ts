import { kindOf, priceOf } from './costs.js';

const price = (path: string) => priceOf({ url: new URL(`https://graph.example${path}`) });

test.each([
  ['/v1.0/users', 2],
  ['/v1.0/users?$select=id', 1],
  ['/v1.0/users?$select=id&$top=5', 1],
  ['/v1.0/users?$expand=manager', 3],
  ['/v1.0/users?$top=19', 1],
  ['/v1.0/users?$top=999', 2],
  ['/v1.0/users/delta?$select=id', 1],
  ['/v1.0/users/11111111-1111-4111-8111-111111111111/memberOf', 2],
  ['/v1.0/groups', 1],
  ['/v1.0/groups/11111111-1111-4111-8111-111111111111/members', 3],
  ['/v1.0/groups/11111111-1111-4111-8111-111111111111/members/microsoft.graph.user?$select=id', 2],
  ['/v1.0/groups/11111111-1111-4111-8111-111111111111/transitiveMembers?$select=id', 4],
  ['/v1.0/servicePrincipals?$select=id&$top=999', 1],
  ["/v1.0/servicePrincipals(appId='x')", 1],
  ['/v1.0/servicePrincipals/x/appRoleAssignedTo?$top=999', 1],
  ['/v1.0/servicePrincipals/x/appRoleAssignments', 2],
  ['/v1.0/subscribedSkus', 3],
  ['/v1.0/domains/contoso.com/domainNameReferences', 4],
  ['/v1.0/organization', 1],
  ['/gateway/v1.0/users', 2],
])('%s costs %d', (path, units) => {
  expect(price(path)).toMatchObject({ bucket: 'directory', units });
});

test('sign-ins are counted by the request, in a bucket of their own', () => {
  expect(price('/v1.0/auditLogs/signIns?$top=1000&$filter=x')).toMatchObject({ bucket: 'reports', units: 1 });
});

test('a batch costs nothing: what is in it has paid', () => {
  expect(price('/v1.0/$batch')).toEqual({ bucket: 'directory', units: 0 });
});

test('requests that do the same for different objects are of one kind, and batches of different size are not', () => {
  const kind = (path: string, body?: string) =>
    kindOf({ url: new URL(`https://graph.example/v1.0/${path}`), ...(body === undefined ? {} : { body }) });
  const [one, other] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'];
  expect(kind(`groups/${one}/members`)).toBe(kind(`groups/${other}/members`));
  expect(kind('$batch', 'x'.repeat(200))).not.toBe(kind('$batch', 'x'.repeat(4000)));
});
