import type { Cells } from '../../../store/index.js';
import type { Proof } from '../../task.js';

/**
 * Which properties of an object make which column of its row. If one of them is missing, the column says nothing. A test holds
 * it against what the mapping really does.
 */
export type Sources = Readonly<Record<string, readonly string[]>>;

/** The same, of one kind of item and row: every column but the key, and no property that is not read. */
export type SourcesOf<Item, Row extends Cells, Key extends keyof Row> = Readonly<
  Record<Exclude<keyof Row, Key>, readonly (keyof Item & string)[]>
>;

/** Where a collection is listed, counted, and where its changes and single objects are told. Paths below the version. */
export interface TrackedCollection extends Proof {
  /** The properties that Graph is asked for. */
  readonly properties: readonly string[];
  /** What Graph tells without being asked, and only of some objects: the type of what is more than a user. */
  readonly unasked: readonly string[];
  readonly sources: Sources;
  readonly list: string;
  readonly delta: string;
}
