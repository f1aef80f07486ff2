import { header, type Call } from '../call.js';
import { audienceOf } from '../login/scope.js';
import { json, type Reply } from '../reply.js';
import type { World } from '../world.js';
import { findIdentity } from './identities.js';

/**
 * The metadata service of a virtual machine.
 * @see https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token
 */
export async function instanceMetadataToken(world: World, call: Call): Promise<Reply> {
  const { query } = call;
  // Protects from requests that an attacker makes this machine send.
  if (header(call, 'metadata')?.toLowerCase() !== 'true') return refuse('Required metadata header not specified');
  if (header(call, 'x-forwarded-for') !== undefined) return refuse('X-Forwarded-For header is not allowed');
  if (query.get('api-version') !== '2018-02-01') return refuse('Required query variable "api-version" is missing');
  const resource = audienceOf(`${query.get('resource') ?? ''}/.default`, world.url);
  if ('code' in resource) {
    return refuse(
      `AADSTS500011: The resource principal named ${resource.subject} was not found in the tenant`,
      'invalid_resource',
    );
  }
  const identity = findIdentity(world.tenants, query.get('client_id'));
  if (identity === 'none') return refuse('Identity not found');
  if (identity === 'several') {
    return refuse(
      'Multiple user assigned identities exist, please specify the clientId / resourceId of the identity in the token request',
    );
  }
  const { tenant, application } = identity;
  const lifetime = world.accessTokens.lifetimeSeconds;
  const now = Math.floor(world.clock() / 1000);
  const accessToken = await world.accessTokens.issue(tenant, application, resource.audience);
  return {
    // Every number is text.
    ...json(200, {
      access_token: accessToken,
      client_id: application.clientId,
      expires_in: String(lifetime),
      expires_on: String(now + lifetime),
      ext_expires_in: String(lifetime),
      not_before: String(now - 300),
      resource: resource.audience,
      token_type: 'Bearer',
    }),
    tenantId: tenant.tenantId,
  };
}

const refuse = (description: string, error = 'invalid_request'): Reply =>
  json(400, { error, error_description: description });
