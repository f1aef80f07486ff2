import type { Call } from '../call.js';
import { loginError, loginErrorReply } from '../login/aadsts.js';
import { json, type Reply } from '../reply.js';
import { contextOf } from '../api/answer.js';
import { GraphFailure } from '../api/graph-failure.js';
import { requestIds } from '../api/graph-headers.js';
import { refusal } from '../api/router.js';
import type { World } from '../world.js';
import type { FaultAction } from './fault.js';

/** The reply that a fault gives in the endpoint's place, if it is such a fault. */
export function instead(action: FaultAction, world: World, call: Call): Reply | undefined {
  if (action.kind === 'reply') return plain(action.status, action.headers ?? {}, action.body);
  if (action.kind === 'html') {
    const status = action.status ?? 503;
    const page = `<html><head><title>${status} Service Unavailable</title></head><body><h1>Service Unavailable</h1></body></html>`;
    return { status, headers: { 'Content-Type': 'text/html' }, body: page };
  }
  if (action.kind === 'throttle') {
    const headers = action.retryAfter === undefined ? {} : { 'Retry-After': action.retryAfter };
    const failure = new GraphFailure(429, 'TooManyRequests', 'Too many requests', headers);
    return refusal(world, requestIds(call, world.nextGuid()), failure);
  }
  if (action.kind === 'login-error') {
    const error = loginError(action.code, 'the emulator was told to refuse');
    const ids = { at: world.clock(), traceId: world.nextGuid(), correlationId: world.nextGuid() };
    return loginErrorReply(action.code, { ...error, status: action.status ?? error.status }, ids);
  }
  if (action.kind === 'empty-page') {
    const again = { '@odata.nextLink': world.url + call.target, value: [] };
    return json(200, { '@odata.context': contextOf(world, call.path.slice('/v1.0/'.length)), ...again });
  }
  return undefined;
}

function plain(status: number, headers: Readonly<Record<string, string>>, body: unknown): Reply {
  if (body === undefined || typeof body === 'string') return { status, headers, body: body ?? '' };
  return json(status, body, headers);
}
