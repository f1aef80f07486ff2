import type { GraphObject } from './graph-object.js';
import { keptObjects, type ObjectSource } from './object-source.js';

/** The sign-ins of a tenant. One added with the id of another replaces it, as Graph's late corrections do. */
export interface SignInLog {
  readonly size: number;
  add(...signIns: readonly GraphObject[]): void;
  /** Newest first, from this moment (as `ticks`) back, or from the newest. */
  newestFirst(upTo?: string): Iterable<GraphObject>;
}

/** @param start what the log starts with, newest first */
export function createSignInLog(start: ObjectSource = keptObjects([])): SignInLog {
  const added = new Map<string, GraphObject>();
  let fresh = 0;
  let sorted: readonly GraphObject[] | undefined;
  return {
    get size() {
      return start.length + fresh;
    },
    add(...signIns) {
      for (const signIn of signIns) {
        if (!added.has(signIn.id) && start.indexOf(signIn.id) === undefined) fresh += 1;
        added.set(signIn.id, signIn);
      }
      sorted = undefined;
    },
    *newestFirst(upTo = '9999') {
      sorted ??= newestFirst([...added.values()]);
      const late = sorted.filter((signIn) => when(signIn) <= upTo);
      let next = 0;
      for (let index = firstNotAfter(start, upTo); index < start.length; index += 1) {
        const signIn = start.at(index);
        if (added.has(signIn.id)) continue;
        for (let other = late[next]; other !== undefined && isNewer(other, signIn); other = late[next]) {
          yield other;
          next += 1;
        }
        yield signIn;
      }
      yield* late.slice(next);
    },
  };
}

/** Sign-ins in the order of a log. */
export function newestFirst(signIns: readonly GraphObject[]): readonly GraphObject[] {
  return [...signIns].sort((a, b) => (isNewer(a, b) ? -1 : 1));
}

/** When it was, as `ticks`. */
export function when(signIn: GraphObject): string {
  return ticks(signIn['createdDateTime']);
}

/**
 * A date in a form that compares as text: Graph writes UTC with 0 to 7 digits of a second, a `Date` keeps 3 of them.
 * Other text is returned unchanged.
 */
export function ticks(date: unknown): string {
  if (typeof date !== 'string') return '';
  if (date.at(-1) !== 'Z') return date;
  return `${date.slice(0, SECONDS)}.${date.slice(SECONDS + 1, -1).padEnd(7, '0')}Z`;
}

const SECONDS = '2026-01-02T03:04:05'.length;

/** Of two at the same moment the greater id is newer, so that the order does not depend on their arrival. */
export function isNewer(a: GraphObject, b: GraphObject): boolean {
  const [left, right] = [when(a), when(b)];
  return left === right ? a.id > b.id : left > right;
}

function firstNotAfter(start: ObjectSource, upTo: string): number {
  let low = 0;
  let high = start.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (when(start.at(middle)) > upTo) low = middle + 1;
    else high = middle;
  }
  return low;
}
