/** What belongs to an object: the members of a group, the assignments to an application. */
export interface LinkTable<T> {
  /** Everything that belongs to this parent now. */
  of(parentId: string): readonly T[];
  /** With gaps for removed links, so that a page token can be a position. */
  slots(parentId: string): readonly (T | undefined)[];
  add(parentId: string, ...items: readonly T[]): void;
  /** Removes the links that the function accepts. @returns how many */
  remove(parentId: string, which: (item: T) => boolean): number;
}

/** @param source what a parent starts with; asked again and again until that parent changes, so it must not vary */
export function createLinkTable<T>(source: (parentId: string) => readonly T[] = () => []): LinkTable<T> {
  const changed = new Map<string, (T | undefined)[]>();
  const slots = (parentId: string): readonly (T | undefined)[] => changed.get(parentId) ?? source(parentId);
  const own = (parentId: string): (T | undefined)[] => {
    const mine = changed.get(parentId) ?? [...source(parentId)];
    changed.set(parentId, mine);
    return mine;
  };
  return {
    slots,
    of: (parentId) => slots(parentId).filter((item) => item !== undefined),
    add: (parentId, ...items) => void own(parentId).push(...items),
    remove(parentId, which) {
      const mine = own(parentId);
      const doomed = mine.flatMap((item, index) => (item !== undefined && which(item) ? [index] : []));
      for (const index of doomed) mine[index] = undefined;
      return doomed.length;
    },
  };
}
