import { setTimeout as sleep } from 'node:timers/promises';
import type { World } from '../world.js';
import type { FaultAction } from './fault.js';

/** What a fault does before the endpoint is asked, if it is such a fault. */
export async function before(action: FaultAction, world: World, closing: AbortSignal): Promise<void> {
  if (action.kind === 'delay') await sleep(action.ms, undefined, { signal: closing });
  if (action.kind === 'expire-tokens') (action.tokens === 'page' ? world.pageTokens : world.deltaTokens).expireAll();
}
