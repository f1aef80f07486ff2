import type { Call } from '../call.js';
import type { Fault, FaultAction } from './fault.js';

/** A fault and what became of it. */
export interface ScriptedFault {
  readonly fault: Fault;
  /** Requests it was meant for. */
  readonly matched: number;
  /** Requests it struck. */
  readonly struck: number;
}

/** The faults to come. Several may strike the same request: they act together, in the order they were added. */
export interface FaultScript {
  add(...faults: readonly Fault[]): void;
  clear(): void;
  readonly entries: readonly ScriptedFault[];
  /** The actions for this request. Asking counts. */
  strike(call: Call): readonly FaultAction[];
}

/** A script without faults. */
export function createFaultScript(): FaultScript {
  const entries: { readonly fault: Fault; matched: number; struck: number }[] = [];
  return {
    entries,
    add: (...faults) => void entries.push(...faults.map((fault) => ({ fault, matched: 0, struck: 0 }))),
    clear: () => void entries.splice(0),
    strike(call) {
      const actions: FaultAction[] = [];
      for (const entry of entries) {
        const { fault } = entry;
        if (!matches(fault, call)) continue;
        entry.matched += 1;
        const most = fault.times === 'always' ? Infinity : (fault.times ?? 1);
        if (entry.matched < (fault.nth ?? 1) || entry.struck >= most) continue;
        entry.struck += 1;
        actions.push(fault.action);
      }
      return actions;
    },
  };
}

function matches({ method, path }: Fault, call: Call): boolean {
  if (method !== undefined && method.toUpperCase() !== call.method) return false;
  if (path === undefined) return true;
  return typeof path === 'string' ? call.target.startsWith(path) : call.target.search(path) !== -1;
}
