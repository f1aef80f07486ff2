import type { GraphObject } from './graph-object.js';

/** The initial objects of a table by index, stored or generated on demand. */
export interface ObjectSource {
  readonly length: number;
  at(index: number): GraphObject;
  indexOf(id: string): number | undefined;
}

/** Objects in an array. */
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
