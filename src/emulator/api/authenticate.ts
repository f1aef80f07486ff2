import { header, type Call } from '../call.js';
import type { Caller } from '../login/access-tokens.js';
import type { World } from '../world.js';
import { GraphFailure } from './graph-failure.js';

const GRAPH_APP = '00000003-0000-0000-c000-000000000000';

/** Who calls, from the bearer token. */
export async function authenticate(world: World, call: Call): Promise<Caller> {
  const refuse = (message: string): GraphFailure =>
    new GraphFailure(401, 'InvalidAuthenticationToken', message, {
      'WWW-Authenticate': `Bearer realm="", authorization_uri="${world.url}/common/oauth2/authorize", client_id="${GRAPH_APP}"`,
    });
  const token = /^Bearer\s+(\S+)$/i.exec(header(call, 'authorization') ?? '')?.[1];
  if (token === undefined) throw refuse('Access token is empty.');
  const caller = await world.accessTokens.read(token);
  if ('refused' in caller) throw refuse(caller.refused);
  if (!world.tenants.has(caller.tenantId))
    throw refuse('The identity of the calling application could not be established.');
  return caller;
}
