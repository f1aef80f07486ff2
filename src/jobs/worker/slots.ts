/** How many runs a worker has under way. Each holds two database connections: its lock and its writes. */
export const CONCURRENCY = 8;

/** Who has which of a worker's slots. */
export interface Slots {
  /**
   * A first run of a tenant is always let in. Further ones have half of the slots between them all, so that a tenant that is
   * slow, with however many tasks, leaves the other half to others.
   * @returns what gives the slot back; undefined where others come first
   */
  enter(tenantId: string): (() => void) | undefined;
}

export function createSlots(total: number): Slots {
  const taken = new Map<string, number>();
  let all = 0;
  return {
    enter(tenantId) {
      const mine = taken.get(tenantId) ?? 0;
      if (mine > 0 && all >= total / 2) return undefined;
      taken.set(tenantId, mine + 1);
      all += 1;
      return () => {
        const left = (taken.get(tenantId) ?? 1) - 1;
        if (left === 0) taken.delete(tenantId);
        else taken.set(tenantId, left);
        all -= 1;
      };
    },
  };
}
