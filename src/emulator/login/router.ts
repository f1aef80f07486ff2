import type { Call } from '../call.js';
import { json, type Reply } from '../reply.js';
import type { World } from '../world.js';
import { instanceDiscovery, openIdConfiguration } from './discovery.js';
import { findTenant } from './find-tenant.js';
import { refusal, token } from './token-endpoint.js';

/** Answers as `login.microsoftonline.com` does; undefined if the path is not one of the login's. */
export async function answerLogin(world: World, call: Call): Promise<Reply | undefined> {
  if (call.path === '/common/discovery/instance') {
    const asked = call.query.get('authorization_endpoint') ?? '';
    const tenantName = URL.canParse(asked) ? new URL(asked).pathname.split('/')[1] : undefined;
    return instanceDiscovery(world.url, tenantName ?? 'common');
  }
  const match =
    /^\/([^/]+)(\/oauth2\/v2\.0\/token|\/v2\.0\/\.well-known\/openid-configuration|\/discovery\/v2\.0\/keys)$/.exec(
      call.path,
    );
  const [, tenantName, endpoint] = match ?? [];
  if (tenantName === undefined) return undefined;
  if (endpoint === '/discovery/v2.0/keys') return json(200, { keys: [world.accessTokens.publicKey] });
  if (endpoint === '/oauth2/v2.0/token') {
    return call.method === 'POST' ? token(world, call, tenantName) : json(405, { error: 'method_not_allowed' });
  }
  const tenant = findTenant(world.tenants, tenantName);
  return tenant === undefined ? refusal(world, call)(90002, tenantName) : openIdConfiguration(world.url, tenant);
}
