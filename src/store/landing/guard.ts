import type { Difference } from './diff.js';

export interface GuardOptions {
  readonly percent: number;
  /** Whether the filters differ from those of the run before: who falls out for that reason was meant to. */
  readonly filtersChanged: boolean;
}

/** So few removals happen on any day, in a small tenant too. */
const ALWAYS_ALLOWED = 10;

/**
 * Whether a run's removals must wait for an operator's word: more than the allowed share of the live rows, or all of
 * them, whatever the reason. An empty answer of Graph is such a case.
 */
export function isHeld(differences: readonly Difference[], { percent, filtersChanged }: GuardOptions): boolean {
  const sum = (of: (difference: Difference) => number) => differences.reduce((total, each) => total + of(each), 0);
  const live = sum((each) => each.live);
  const removed = sum((each) => each.removed);
  const nobodyLeft = removed > 0 && live + sum((each) => each.added) === removed;
  const counted = removed - (filtersChanged ? sum((each) => each.filteredOut) : 0);
  return nobodyLeft || (counted > ALWAYS_ALLOWED && counted > (live * percent) / 100);
}
