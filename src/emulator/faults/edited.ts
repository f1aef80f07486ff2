import type { Call } from '../call.js';
import { bodyText, type Reply } from '../reply.js';
import { isRecord } from '../tenant/graph-object.js';
import type { World } from '../world.js';
import type { FaultAction } from './fault.js';
import { patched } from './json-patch.js';

/** The reply with its JSON changed, if the fault is one that changes it. */
export function edited(action: FaultAction, world: World, call: Call, reply: Reply): Reply {
  if (action.kind === 'patch') return withBody(reply, (body) => patched(body, action.operations));
  if (action.kind === 'edit') return withBody(reply, action.edit);
  if (action.kind === 'headers') return { ...reply, headers: { ...reply.headers, ...action.headers } };
  if (action.kind === 'byte-order-mark') return { ...reply, body: `\uFEFF${bodyText(reply)}` };
  if (action.kind === 'tell-part') return withBody(reply, (body) => inPart(body, action.properties));
  if (action.kind === 'drop-link') return withBody(reply, unlinked);
  if (action.kind === 'loop-link') return withBody(reply, (body) => linked(body, () => world.url + call.target));
  if (action.kind === 'foreign-link') {
    const origin = action.origin ?? 'https://graph.microsoft.example';
    return withBody(reply, (body) =>
      linked(body, (link) => (link ?? world.url + call.target).replace(world.url, origin)),
    );
  }
  return reply;
}

function withBody(reply: Reply, edit: (body: unknown) => unknown): Reply {
  const body: unknown = JSON.parse(bodyText(reply));
  return { ...reply, body: JSON.stringify(edit(body)) };
}

function inPart(body: unknown, properties: readonly string[]): unknown {
  if (!isRecord(body)) return body;
  const { value } = body;
  if (Array.isArray(value)) return { ...body, value: value.map((each: unknown) => inPart(each, properties)) };
  const isKept = (name: string) => name === 'id' || name.startsWith('@') || properties.includes(name);
  return Object.fromEntries(Object.entries(body).filter(([name]) => isKept(name)));
}

function unlinked(body: unknown): unknown {
  if (!isRecord(body)) return body;
  const { '@odata.nextLink': _, '@odata.deltaLink': __, ...rest } = body;
  return rest;
}

function linked(body: unknown, link: (old: string | undefined) => string): unknown {
  if (!isRecord(body)) return body;
  // A page has one link or the other, never both.
  const { '@odata.deltaLink': _, '@odata.nextLink': old, ...rest } = body;
  return { ...rest, '@odata.nextLink': link(typeof old === 'string' ? old : undefined) };
}
