import type { Database, Owner } from '../../store/index.js';
import type { GraphReader } from '../../graph/index.js';
import type { Logger } from '../../log.js';
import type { Collection, Filters, RunSettings } from '../task.js';
import type { Progress } from './progress.js';

export interface ReadCollection {
  readonly database: Database;
  readonly graph: GraphReader;
  readonly log: Logger;
  readonly owner: Owner;
  readonly collection: Collection;
  readonly filters: Filters;
  readonly progress: Progress;
  /** Reads everything, even if the changes would be enough. */
  readonly full: boolean;
  readonly settings: Pick<RunSettings, 'fullReadEveryDays'>;
  /** The permissions that the token has; undefined if it does not say. */
  readonly roles: () => Promise<readonly string[] | undefined>;
}
