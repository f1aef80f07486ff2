import { z } from 'zod';
import { toCall, type Call } from '../call.js';
import { bodyText, type Reply } from '../reply.js';
import type { World } from '../world.js';
import { authenticate } from './authenticate.js';
import { badRequest, GraphFailure } from './graph-failure.js';
import { graphHeaders, JSON_TYPE, requestIds } from './graph-headers.js';
import { refusal } from './router.js';

/** The path of `$batch`. */
export const BATCH_PATH = '/v1.0/$batch';

const step = z.object({
  id: z.string().min(1),
  method: z.string(),
  url: z.string().startsWith('/'),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.unknown().optional(),
  dependsOn: z.array(z.string()).default([]),
});
type Step = z.infer<typeof step>;

const MOST = 20;

/**
 * Answers up to 20 requests in one.
 * @param one answers one of them; undefined leaves its answer out, which Graph never should
 * @see https://learn.microsoft.com/graph/json-batching
 */
export async function answerBatch(
  world: World,
  call: Call,
  one: (inner: Call) => Promise<Reply | undefined>,
): Promise<Reply> {
  const ids = requestIds(call, world.nextGuid());
  try {
    const { tenantId } = await authenticate(world, call);
    const steps = parse(call.body);
    const done = new Map<string, { readonly status: number; readonly text: string }>();
    for (const step of steps) {
      const answered = await run(step, call, ids.requestId, done, one);
      if (answered !== undefined) done.set(step.id, answered);
    }
    // Graph promises no order; answering in reverse keeps clients from relying on one.
    const responses = [...done.values()].reverse().map(({ text }) => text);
    const headers = { ...graphHeaders(ids), 'Content-Type': JSON_TYPE, 'OData-Version': '4.0' };
    return { status: 200, headers, body: `{"responses":[${responses.join(',')}]}`, tenantId };
  } catch (thrown) {
    if (!(thrown instanceof GraphFailure)) throw thrown;
    return refusal(world, ids, thrown);
  }
}

async function run(
  { id, method, url, headers, body, dependsOn }: Step,
  outer: Call,
  innerOf: string,
  done: ReadonlyMap<string, { readonly status: number }>,
  one: (inner: Call) => Promise<Reply | undefined>,
): Promise<{ readonly status: number; readonly text: string } | undefined> {
  if (dependsOn.some((other) => (done.get(other)?.status ?? 424) >= 400)) {
    return response(id, {
      status: 424,
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ error: { code: 'FailedDependency', message: 'Failed Dependency' } }),
    });
  }
  const own = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const { authorization, 'client-request-id': clientRequestId } = outer.headers;
  const reply = await one(
    toCall({
      method: method.toUpperCase(),
      target: `/v1.0${url}`,
      headers: { authorization, 'client-request-id': clientRequestId, ...own },
      body: body === undefined ? '' : JSON.stringify(body),
      innerOf,
    }),
  );
  return reply && response(id, reply);
}

const KEPT =
  /^(cache-control|content-type|location|odata-version|preference-applied|retry-after|x-ms-(resource|throttle).*)$/i;

function response(id: string, reply: Reply): { readonly status: number; readonly text: string } {
  const headers = Object.fromEntries(Object.entries(reply.headers).filter(([name]) => KEPT.test(name)));
  const isJson = Object.values(headers).some((value) => value.startsWith('application/json'));
  const text = bodyText(reply);
  // The body is JSON already: parsing it only to write it again would cost as much as making it.
  const body = isJson ? text : JSON.stringify(text);
  const head = JSON.stringify({ id, status: reply.status, headers }).slice(0, -1);
  return { status: reply.status, text: `${head},"body":${body}}` };
}

function parse(text: string): readonly Step[] {
  const parsed = z.object({ requests: z.array(step) }).safeParse(fromJson(text));
  if (!parsed.success) throw badRequest('Invalid batch payload format.', 'BadRequest');
  const { requests } = parsed.data;
  if (requests.length > MOST) {
    throw badRequest(`Number of batch request steps exceeds the maximum value of ${MOST}.`, 'BadRequest');
  }
  if (new Set(requests.map(({ id }) => id.toLowerCase())).size < requests.length) {
    throw badRequest('Request Id values in a batch must be unique.', 'BadRequest');
  }
  return requests;
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
