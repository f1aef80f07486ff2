import type { Call } from '../call.js';
import type { Reply } from '../reply.js';
import type { World } from '../world.js';
import type { Route } from './answer.js';
import { authenticate } from './authenticate.js';
import { forbidden, permissionMissing } from './denials.js';
import { badRequest, GraphFailure } from './graph-failure.js';
import { graphHeaders, JSON_TYPE, requestIds, type RequestIds } from './graph-headers.js';
import { resourceUnits } from './resource-units.js';
import { ROUTES } from './routes.js';
import { throttled } from './throttled.js';

/** Answers what `graph.microsoft.com` would. */
export async function answerGraph(world: World, call: Call): Promise<Reply> {
  const ids = requestIds(call, world.nextGuid());
  // Both are known before a request can fail, and the log shows them for failed requests too.
  const facts: { tenantId?: string; units?: number } = {};
  try {
    const path = versioned(call.path);
    const caller = await authenticate(world, call);
    facts.tenantId = caller.tenantId;
    const tenant = world.tenants.get(caller.tenantId);
    const { route, parameters } = find(call, path);
    // Only the directory counts in resource units.
    const units = route.isReport === true ? 0 : resourceUnits(route.units, call.query);
    facts.units = units;
    const telling = throttled(world, caller, route, units);
    if (!route.permissions.some((permission) => caller.roles.includes(permission))) {
      throw route.isReport === true ? permissionMissing(route.permissions[0] ?? '') : forbidden();
    }
    if (tenant === undefined) throw forbidden();
    const { body, contentType, headers: own } = route.answer({ world, call, caller, tenant, parameters });
    const headers = {
      ...graphHeaders(ids),
      'Content-Type': contentType ?? JSON_TYPE,
      'OData-Version': '4.0',
      ...cost(units),
      ...telling,
      ...own,
    };
    return { status: 200, headers, body, ...facts };
  } catch (thrown) {
    if (!(thrown instanceof GraphFailure)) throw thrown;
    const refused = refusal(world, ids, thrown);
    return { ...refused, headers: { ...refused.headers, ...cost(facts.units) }, ...facts };
  }
}

/** A refusal in the shape that Graph gives it. */
export function refusal(world: World, ids: RequestIds, failure: GraphFailure): Reply {
  const { status, code, message } = failure;
  const innerError = {
    date: new Date(world.clock()).toISOString().slice(0, 19),
    'request-id': ids.requestId,
    'client-request-id': ids.clientRequestId,
  };
  return {
    status,
    headers: { ...graphHeaders(ids), 'Content-Type': 'application/json', ...failure.headers },
    body: JSON.stringify({ error: { code, message, innerError } }),
  };
}

function versioned(path: string): string {
  const [, version = '', rest = ''] = /^\/([^/]*)(.*)$/.exec(path) ?? [];
  if (version !== 'v1.0') throw badRequest(`Invalid version: ${version}.`, 'BadRequest');
  return rest;
}

function find(call: Call, path: string): { route: Route; parameters: readonly string[] } {
  for (const route of ROUTES) {
    const match = route.pattern.exec(path);
    if (match === null) continue;
    if (call.method !== 'GET') {
      throw new GraphFailure(405, 'Request_BadRequest', 'Specified HTTP method is not allowed for the request target.');
    }
    return { route, parameters: match.slice(1) };
  }
  throw badRequest(`Resource not found for the segment '${path.split('/')[1] ?? ''}'.`, 'BadRequest');
}

function cost(units = 0): Record<string, string> {
  return units === 0 ? {} : { 'x-ms-resource-unit': String(units) };
}
