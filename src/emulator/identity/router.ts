import type { Call } from '../call.js';
import { json, type Reply } from '../reply.js';
import type { World } from '../world.js';
import { appServiceToken } from './app-service.js';
import { instanceMetadataToken } from './imds.js';

/** Answers what only a machine of Azure hears: requests for tokens of its managed identities. */
export async function answerIdentity(world: World, call: Call): Promise<Reply> {
  if (call.method !== 'GET') return json(405, { error: 'method_not_allowed' });
  if (call.path === '/metadata/identity/oauth2/token') return instanceMetadataToken(world, call);
  if (call.path === '/msi/token') return appServiceToken(world, call);
  return json(404, { error: 'not_found' });
}
