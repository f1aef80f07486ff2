import { setTimeout as pause } from 'node:timers/promises';
import { RollcallError } from '../errors.js';

/** A single thing to ask for. */
export interface Wanted {
  /** What its answer is found by; of an object, its id. */
  readonly id: string;
  /** Below the version, with its query. */
  readonly path: string;
}

/** What came of asking for one thing. */
export type Told<T> =
  | { readonly kind: 'told'; readonly value: T }
  /** 404 or 410. Of a directory with many replicas this proves no deletion. */
  | { readonly kind: 'absent' }
  /** Graph answers, but not with this; it may answer the others. */
  | { readonly kind: 'refused'; readonly error: RollcallError };

export interface ReadObjects<T> {
  readonly read: (ask: Wanted) => Promise<T>;
  /** How many are asked for at a time. */
  readonly atOnce: number;
}

/** Asks for single things, some at a time. Memory is that of the answers. @throws RollcallError if Graph answers nothing at all */
export async function readObjects<T>(
  asks: readonly Wanted[],
  { read, atOnce }: ReadObjects<T>,
): Promise<Map<string, Told<T>>> {
  const told = new Map<string, Told<T>>();
  for (let begin = 0; begin < asks.length; begin += atOnce) {
    const some = asks.slice(begin, begin + atOnce);
    const answers = await Promise.allSettled(some.map((ask) => read(ask)));
    for (const [index, answer] of answers.entries()) {
      const { id } = some[index] ?? { id: '' };
      if (answer.status === 'fulfilled') told.set(id, { kind: 'told', value: answer.value });
      else told.set(id, refusalOf(answer.reason));
    }
  }
  return told;
}

/**
 * The same, but what is absent is asked for once more after a pause: a replica that lags may not have it yet.
 * @see https://devblogs.microsoft.com/microsoft365dev/ on eventual consistency: a new object may answer 404 for a while
 */
export async function readTwice<T>(
  asks: readonly Wanted[],
  { pauseMs, signal, ...options }: ReadObjects<T> & { readonly pauseMs: number; readonly signal: AbortSignal },
): Promise<Map<string, Told<T>>> {
  const told = await readObjects(asks, options);
  const absent = asks.filter(({ id }) => told.get(id)?.kind === 'absent');
  if (absent.length === 0) return told;
  await pause(pauseMs, undefined, { signal });
  for (const [id, answer] of await readObjects(absent, options)) told.set(id, answer);
  return told;
}

/** Whether a body is the object with this id, in whatever case it is spelled. */
export const hasId = (body: unknown, id: string): boolean =>
  typeof body === 'object' && body !== null && 'id' in body && String(body.id).toLowerCase() === id.toLowerCase();

/** What says nothing of the one thing that was asked for: the network, the login, a server in trouble. */
const GENERAL = new Set(['graph_unreachable', 'graph_unauthorized', 'graph_foreign_link']);

/** @throws what is no answer about this one thing */
function refusalOf(reason: unknown): Told<never> {
  if (!(reason instanceof RollcallError) || !reason.code.startsWith('graph_')) throw reason;
  const { status } = reason.facts;
  if (status === 404 || status === 410) return { kind: 'absent' };
  // 501 is no trouble of the server: it does not have what was asked for.
  if (GENERAL.has(reason.code) && status !== 501) throw reason;
  return { kind: 'refused', error: reason };
}
