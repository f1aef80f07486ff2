import type { Fault, FaultAction, TenantData } from '../../src/emulator/index.js';
import type { World } from './setup/world.js';

/** Adds a fault. */
export const strikeOf =
  (world: () => World) =>
  (path: string | RegExp, action: FaultAction, fault: Omit<Fault, 'action' | 'path'> = {}): void =>
    world().emulator.faults.add({ path, ...fault, action });

/** An answer of Graph that is no success. */
export const refusal = (status: number, code: string): FaultAction => ({
  kind: 'reply',
  status,
  body: { error: { code, message: '' } },
});

/** The ids of everybody, or of every service principal, as Graph lists them. */
export const idsOf = (table: TenantData['users']): string[] =>
  table.places(-1, Number.MAX_SAFE_INTEGER).map((place) => table.at(place).id);
