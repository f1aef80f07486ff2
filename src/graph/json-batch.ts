import { z } from 'zod';
import type { GraphRequest, GraphResponse } from './compose.js';

/** Graph takes no more requests in one batch. @see https://learn.microsoft.com/graph/json-batching */
export const MOST_IN_BATCH = 20;

/** A request, with its address below the version: `/users?$select=id`. */
export interface Part {
  readonly path: string;
  readonly request: GraphRequest;
}

/** The body of a batch. The token goes with the batch, other headers (ConsistencyLevel, Prefer) with their request. */
export function toBatchBody(parts: readonly Part[]): string {
  const requests = parts.map(({ path, request }, index) => {
    const { authorization: _, ...headers } = request.headers;
    const own = Object.keys(headers).length === 0 ? {} : { headers };
    return { id: idOf(index), method: request.method, url: path, ...own };
  });
  return JSON.stringify({ requests });
}

const idOf = (index: number): string => String(index + 1);

const envelope = z.object({ responses: z.array(z.unknown()) });
const answer = z.object({
  id: z.union([z.string(), z.number()]).transform(String),
  status: z.number().int(),
  headers: z.record(z.string(), z.unknown()).nullish().catch(null),
  body: z.unknown().optional(),
});

export const isBatchAnswer = (body: unknown): boolean => envelope.safeParse(body).success;

/**
 * The answers of a batch in the order of its requests; Graph sends them in any. Undefined if there is none that can
 * be believed: missing, sent twice, or a success whose body is not what was asked for (base64, for example).
 */
export function toAnswers(body: unknown, parts: readonly Part[]): (GraphResponse | undefined)[] {
  const answers = answersIn(body, parts.length);
  return parts.map(({ request }, index) => {
    const response = answers[index];
    const isUnreadable = response !== undefined && isSuccess(response) && !request.isExpected(response.body);
    return isUnreadable ? undefined : response;
  });
}

/** The answers as they came, in the order of the requests; undefined if one is missing or sent twice. */
export function answersIn(body: unknown, count: number): (GraphResponse | undefined)[] {
  const byId = new Map<string, GraphResponse | undefined>();
  for (const each of envelope.safeParse(body).data?.responses ?? []) {
    const parsed = answer.safeParse(each);
    if (!parsed.success) continue;
    const { id, status, headers, body } = parsed.data;
    byId.set(id, byId.has(id) ? undefined : { status, headers: inLowerCase(headers ?? {}), body });
  }
  return Array.from({ length: count }, (_, index) => byId.get(idOf(index)));
}

const isSuccess = ({ status }: GraphResponse): boolean => status >= 200 && status < 300;

function inLowerCase(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
}
