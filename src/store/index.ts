export { openDatabase, type Database, type Session } from './database.js';
export { diff, diffTable, type Difference } from './diff.js';
export { installationId } from './installation.js';
export { isHeld } from './guard.js';
export { merge } from './merge.js';
export { migrate, requireMigrated } from './migrate.js';
export { readOnlyQuery } from './read-only-query.js';
export * from './run-lock.js';
export * from './runs.js';
export * from './cursors.js';
export { users, type RunOutcome } from './schema/index.js';
export {
  dropStaging,
  openStaging,
  resetStaging,
  stagePage,
  stagedText,
  TakenOver,
  type Owner,
  type Staged,
} from './staging.js';
export { syncTable, type Cells, type RowOf, type SyncTable } from './sync-table.js';
