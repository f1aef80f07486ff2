import { guid } from '../guid.js';
import type { GraphObject } from '../tenant/graph-object.js';
import type { ObjectSource } from '../tenant/object-source.js';

/** Ids that carry a number: a million of them need no table. */
export interface NumberedIds {
  of(index: number): string;
  indexOf(id: string): number | undefined;
}

/** Ids for one kind of object, 0 up to, not including, `count`. */
export function numberedIds(kind: string, seed: number, count: number): NumberedIds {
  const prefix = guid('generated', kind, seed).slice(0, 24);
  return {
    of: (index) => prefix + index.toString(16).padStart(12, '0'),
    indexOf(id) {
      if (!id.startsWith(prefix)) return undefined;
      const index = Number.parseInt(id.slice(prefix.length), 16);
      return index < count ? index : undefined;
    },
  };
}

/** Objects that are made when asked for. */
export function madeObjects(
  ids: NumberedIds,
  count: number,
  make: (index: number, id: string) => GraphObject,
): ObjectSource {
  return { length: count, indexOf: (id) => ids.indexOf(id), at: (index) => make(index, ids.of(index)) };
}
