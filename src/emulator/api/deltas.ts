import type { Route } from './answer.js';
import { delta } from './delta.js';
import { SERVICE_PRINCIPAL } from './service-principal-type.js';
import { APPLICATION_PERMISSIONS } from './service-principals.js';
import { USER } from './user-type.js';

/** @see https://learn.microsoft.com/graph/api/user-delta */
export const usersDelta: Route = {
  pattern: /^\/users\/delta(?:\(\))?$/,
  permissions: ['User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All'],
  units: 1,
  answer: (request) => delta(request, { name: 'users', type: USER, table: request.tenant.users }),
};

/** @see https://learn.microsoft.com/graph/api/serviceprincipal-delta */
export const servicePrincipalsDelta: Route = {
  pattern: /^\/servicePrincipals\/delta(?:\(\))?$/,
  permissions: APPLICATION_PERMISSIONS,
  units: 1,
  answer: (request) =>
    delta(request, {
      name: 'servicePrincipals',
      type: SERVICE_PRINCIPAL,
      table: request.tenant.servicePrincipals,
    }),
};
