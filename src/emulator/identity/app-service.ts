import { header, type Call } from '../call.js';
import { audienceOf } from '../login/scope.js';
import { json, type Reply } from '../reply.js';
import type { World } from '../world.js';
import { findIdentity } from './identities.js';

/** What IDENTITY_HEADER says on this machine. It opens the emulator and nothing else. */
export const IDENTITY_HEADER = 'emulator-only~identity-header';

/**
 * The token service of App Service, Functions and Container Apps, at IDENTITY_ENDPOINT.
 * @see https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference
 */
export async function appServiceToken(world: World, call: Call): Promise<Reply> {
  const { query } = call;
  if (header(call, 'x-identity-header') !== IDENTITY_HEADER) return refuse(403, 'The request is not authorized.');
  if (query.get('api-version') !== '2019-08-01') return refuse(400, 'Unsupported API version.');
  const resource = audienceOf(`${query.get('resource') ?? ''}/.default`, world.url);
  if ('code' in resource) return refuse(400, `The resource ${resource.subject} was not found.`);
  const clientId = query.get('client_id');
  const identity = findIdentity(world.tenants, clientId);
  // Unlike the metadata service it never chooses among those that were assigned.
  if (typeof identity === 'string' || (clientId === null && identity.application.managedIdentity !== 'system')) {
    return refuse(
      400,
      'No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId.',
    );
  }
  const { tenant, application } = identity;
  const expires = Math.floor(world.clock() / 1000) + world.accessTokens.lifetimeSeconds;
  const accessToken = await world.accessTokens.issue(tenant, application, resource.audience);
  return {
    ...json(200, {
      access_token: accessToken,
      client_id: application.clientId,
      expires_on: String(expires),
      resource: resource.audience,
      token_type: 'Bearer',
    }),
    tenantId: tenant.tenantId,
  };
}

const refuse = (statusCode: number, message: string): Reply => json(statusCode, { statusCode, message });
