import { createHash } from 'node:crypto';

/** The order of a listing. Every object keeps its place for ever, so a page token that names one stays good. */
export interface Places {
  /** The place of an object that came later, if it has one. */
  of(id: string): number | undefined;
  /** Gives an object that comes later a place. */
  take(id: string): number;
  /** The places behind one, as far as they are occupied. */
  behind(after: number, limit: number, isOccupied: (place: number) => boolean): readonly number[];
}

/**
 * Objects of the start stand at 0, 1, 2 ….; one that comes later stands somewhere between them, as in Graph, where a
 * new person may appear before or behind the page that a reader has reached.
 */
export function createPlaces(length: number): Places {
  const later: number[] = [];
  const byId = new Map<string, number>();
  return {
    of: (id) => byId.get(id),
    take(id) {
      let place = spread(id, length);
      // Whole numbers belong to the objects of the start, and no two objects share a place.
      while (Number.isInteger(place) || later.includes(place)) place += 1e-6;
      byId.set(id, place);
      later.splice(firstBehind(later, place), 0, place);
      return place;
    },
    behind(after, limit, isOccupied) {
      const found: number[] = [];
      let index = Math.floor(after) + 1;
      let added = firstBehind(later, after);
      while (found.length < limit) {
        const next = later[added] ?? Infinity;
        if (index >= length && next === Infinity) break;
        const place = index < length && index < next ? index++ : next;
        if (place === next) added += 1;
        if (isOccupied(place)) found.push(place);
      }
      return found;
    },
  };
}

function spread(id: string, length: number): number {
  const hash = createHash('sha256').update(id).digest().readUInt32BE();
  return (hash / 2 ** 32) * (length + 1) - 0.5;
}

function firstBehind(sorted: readonly number[], place: number): number {
  const index = sorted.findIndex((other) => other > place);
  return index === -1 ? sorted.length : index;
}
