import { type ChangeFeed, changedProperties, createChangeFeed, type RemovalReason } from './change-feed.js';
import type { GraphObject } from './graph-object.js';
import type { ObjectSource } from './object-source.js';
import { createPlaces } from './places.js';

/** The objects of one kind. Changing them here is what an administrator does: the next listing and delta show it. */
export interface DirectoryTable {
  /** How many live objects there are. */
  readonly size: number;
  readonly feed: ChangeFeed;
  /** The live object; undefined if it does not exist or was deleted. */
  get(id: string): GraphObject | undefined;
  /** Adds an object, or replaces the one with its id (which also brings back a deleted one). */
  put(object: GraphObject): void;
  /** Changes some properties of a live object. */
  update(id: string, properties: Readonly<Record<string, unknown>>): void;
  /** Into the recycle bin, as deleting in the portal does. */
  softDelete(id: string): void;
  /** For ever. */
  hardDelete(id: string): void;
  /** Out of the recycle bin. */
  restore(id: string): void;
  /** What lies in the recycle bin, the last one deleted last. */
  readonly bin: ReadonlyMap<string, GraphObject>;
  /** Deleted objects that delta still reports. */
  removals(): Iterable<readonly [id: string, reason: RemovalReason]>;
  /** The places of the live objects after a place in a listing, at most `limit`. */
  places(after: number, limit: number): readonly number[];
  /** The object at a place that `places` gave. */
  at(place: number): GraphObject;
}

/** Stores only the changes to its initial objects, so a million generated people cost no memory. */
export function createDirectoryTable(source: ObjectSource): DirectoryTable {
  const feed = createChangeFeed();
  const places = createPlaces(source.length);
  const changed = new Map<number, GraphObject | undefined>();
  const bin = new Map<string, { readonly object: GraphObject; readonly reason: RemovalReason }>();
  let size = source.length;

  const placeOf = (id: string): number | undefined => source.indexOf(id) ?? places.of(id);
  const look = (place: number): GraphObject | undefined => (changed.has(place) ? changed.get(place) : source.at(place));
  const get = (id: string): GraphObject | undefined => {
    const place = placeOf(id);
    return place === undefined ? undefined : look(place);
  };
  const live = (id: string): GraphObject => {
    const object = get(id);
    if (object === undefined) throw new Error(`there is no object ${id} in this table`);
    return object;
  };
  const put = (object: GraphObject): void => {
    const before = get(object.id);
    const place = placeOf(object.id) ?? places.take(object.id);
    changed.set(place, object);
    bin.delete(object.id);
    if (before === undefined) size += 1;
    const properties = before === undefined ? 'all' : changedProperties(before, object);
    feed.record({ id: object.id, properties, removed: undefined });
  };
  const remove = (id: string, reason: RemovalReason): void => {
    const binned = bin.get(id)?.object;
    const object = binned ?? live(id);
    const place = placeOf(id);
    if (place !== undefined) changed.set(place, undefined);
    if (binned === undefined) size -= 1;
    bin.set(id, { object, reason });
    feed.record({ id, properties: 'all', removed: reason });
  };

  return {
    get size() {
      return size;
    },
    get bin() {
      const restorable = [...bin].filter(([, { reason }]) => reason === 'changed');
      return new Map(restorable.map(([id, { object }]) => [id, object]));
    },
    feed,
    get,
    put,
    update: (id, properties) => put({ ...live(id), ...properties, id }),
    softDelete: (id) => {
      live(id);
      remove(id, 'changed');
    },
    hardDelete: (id) => remove(id, 'deleted'),
    restore(id) {
      const binned = bin.get(id);
      if (binned?.reason !== 'changed') throw new Error(`${id} is not in the recycle bin`);
      put(binned.object);
    },
    *removals() {
      for (const [id, { reason }] of bin) yield [id, reason];
    },
    places: (after, limit) =>
      places.behind(after, limit, (place) => !changed.has(place) || changed.get(place) !== undefined),
    at(place) {
      const object = look(place);
      if (object === undefined) throw new Error(`the object at place ${place} is gone`);
      return object;
    },
  };
}
