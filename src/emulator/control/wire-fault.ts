import { z } from 'zod';
import type { Fault } from '../faults/fault.js';

const action = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('reply'),
    status: z.int().min(200).max(599),
    headers: z.record(z.string(), z.string()).default({}),
    body: z.unknown().optional(),
  }),
  z.strictObject({ kind: z.literal('throttle'), retryAfter: z.string().optional() }),
  z.strictObject({ kind: z.literal('html'), status: z.int().optional() }),
  z.strictObject({ kind: z.literal('login-error'), code: z.int(), status: z.int().optional() }),
  z.strictObject({ kind: z.literal('empty-page') }),
  z.strictObject({
    kind: z.literal('patch'),
    operations: z.array(
      z.strictObject({ op: z.enum(['add', 'replace', 'remove']), path: z.string(), value: z.unknown().optional() }),
    ),
  }),
  z.strictObject({ kind: z.literal('headers'), headers: z.record(z.string(), z.string()) }),
  z.strictObject({ kind: z.literal('byte-order-mark') }),
  z.strictObject({ kind: z.literal('tell-part'), properties: z.array(z.string()) }),
  z.strictObject({ kind: z.literal('drop-link') }),
  z.strictObject({ kind: z.literal('foreign-link'), origin: z.string().optional() }),
  z.strictObject({ kind: z.literal('loop-link') }),
  z.strictObject({ kind: z.literal('reset'), midBody: z.boolean().optional() }),
  z.strictObject({ kind: z.literal('truncate') }),
  z.strictObject({ kind: z.literal('endless') }),
  z.strictObject({ kind: z.literal('delay'), ms: z.number().nonnegative() }),
  z.strictObject({ kind: z.literal('expire-tokens'), tokens: z.enum(['page', 'delta']) }),
]);

const fault = z.strictObject({
  method: z.string().optional(),
  path: z.string().optional(),
  /** A regular expression, if the beginning of the path is not enough. */
  pattern: z.string().optional(),
  nth: z.int().positive().optional(),
  times: z.union([z.int().positive(), z.literal('always')]).optional(),
  action,
});

const body = z.union([fault.transform((one) => [one]), z.array(fault)]);

/** Faults as JSON: one or a list. */
export function parseFaults(text: string): { readonly faults: readonly Fault[] } | { readonly problem: string } {
  const parsed = body.safeParse(fromJson(text));
  if (!parsed.success) return { problem: z.prettifyError(parsed.error) };
  return {
    faults: parsed.data.map(({ pattern, path, ...rest }) => ({
      ...rest,
      path: pattern === undefined ? path : new RegExp(pattern),
    })),
  };
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
