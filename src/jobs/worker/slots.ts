/** How many runs a worker does at once. Each holds two database connections: its lock and its writes. */
export const CONCURRENCY = 8;

/** Shares a worker's slots among tenants. */
export interface Slots {
  /**
   * The first run of a tenant always gets a slot. Further runs of all tenants share half of the slots, so that a slow tenant
   * with many tasks leaves the other half to others.
   * @returns the release of the slot; undefined if other tenants come first
   */
  acquire(tenantId: string): (() => void) | undefined;
}

export function createSlots(total: number): Slots {
  const taken = new Map<string, number>();
  let all = 0;
  return {
    acquire(tenantId) {
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
