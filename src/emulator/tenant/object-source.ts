import type { GraphObject } from './graph-object.js';

/** What a table starts with: objects by their index, kept or made when asked for. */
export interface ObjectSource {
  readonly length: number;
  at(index: number): GraphObject;
  indexOf(id: string): number | undefined;
}

/** Objects that are kept in an array. */
export function keptObjects(objects: readonly GraphObject[]): ObjectSource {
  const indexes = new Map(objects.map((object, index) => [object.id, index]));
  return {
    length: objects.length,
    at(index) {
      const object = objects[index];
      if (object === undefined) throw new RangeError(`no object at ${index}, there are ${objects.length}`);
      return object;
    },
    indexOf: (id) => indexes.get(id),
  };
}
