import type { GraphObject } from './graph-object.js';

/** Restorable (`changed`) or for ever (`deleted`), in the words of Graph's delta. */
export type RemovalReason = 'changed' | 'deleted';

/** What happened to one object between two points of a feed. */
export interface Change {
  readonly id: string;
  /** The properties that changed; `all` if the object is new or restored. */
  readonly properties: ReadonlySet<string> | 'all';
  readonly removed: RemovalReason | undefined;
}

/** The order in which a table changed; delta answers are read from it. */
export interface ChangeFeed {
  /** How many changes there were: a place in the feed, and the version of the table. */
  readonly sequence: number;
  record(change: Change): void;
  /** One entry an object, those last that changed last. */
  between(after: number, upTo: number): readonly Change[];
}

/** A feed that has seen nothing yet. */
export function createChangeFeed(): ChangeFeed {
  const changes: Change[] = [];
  return {
    get sequence() {
      return changes.length;
    },
    record: (change) => void changes.push(change),
    between(after, upTo) {
      const merged = new Map<string, Change>();
      for (const change of changes.slice(after, upTo)) {
        const earlier = merged.get(change.id);
        merged.delete(change.id);
        merged.set(change.id, earlier === undefined ? change : merge(earlier, change));
      }
      return [...merged.values()];
    },
  };
}

function merge(earlier: Change, later: Change): Change {
  if (later.properties === 'all' || later.removed !== undefined) return later;
  if (earlier.properties === 'all') return { ...later, properties: 'all' };
  return { ...later, properties: new Set([...earlier.properties, ...later.properties]) };
}

/** The names of the properties in which two versions of an object differ. */
export function changedProperties(before: GraphObject, after: GraphObject): ReadonlySet<string> {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return new Set([...names].filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name])));
}
