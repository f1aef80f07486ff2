export { eachDifference, type OnDifferences, type RowDifference } from './landing/differences.js';
export { createAccessLog, type AccessLog, type AskedExchange } from './access-log/access-log.js';
export { countUsers } from './tenants/count-users.js';
export { openBudgets } from './budget/open.js';
export { createPostgresBudgets } from './budget/postgres-budget.js';
export { listExchanges, type RecordedExchange } from './access-log/list-exchanges.js';
export { openDatabase, withClient, type Database, type Session } from './database.js';
export { diff, type Difference } from './landing/diff.js';
export { countHeld, discardHeld, nameHeld, releaseHeld } from './landing/held-removals.js';
export { createPool, keepSockets, type PoolOptions } from './connection/pool.js';
export { createRedis, type RedisClient, type RedisWay } from './redis-client.js';
export { installationId } from './installation.js';
export { isHeld } from './landing/guard.js';
export { contradictedKeys, countMet, differingProperties, unmetKeys } from './landing/live-rows.js';
export { merge } from './landing/merge.js';
export { migrate, notAllowed, requireMigrated } from './migrate.js';
export { migrationState } from './parts/migration-state.js';
export { createSchema } from './migrations.js';
export { examineParts, requireUse, unusable } from './parts/part-faults.js';
export type { Patience } from './locks/patience.js';
export { watchWaits } from './locks/watch-waits.js';
export { namingHolders, type LockWait } from './locks/lock-wait.js';
export { examineSecurity } from './row-security/row-security-faults.js';
export { formatFault, openTo } from './row-security/row-security.js';
export { findUnfit, requireUsable } from './usable.js';
export { serverFacts } from './server-facts.js';
export { refreshStatistics } from './sql/statistics.js';
export { readOnlyQuery } from './read-only-query.js';
export * from './runs/open-run.js';
export * from './actions/operator-actions.js';
export * from './runs/run-lock.js';
export * from './runs/runs.js';
export * from './runs/cursors.js';
export { findQuarantined, listQuarantine, quarantineStaged } from './landing/quarantine.js';
export { dropOldSignIns } from './access/sign-in-partitions.js';
export { analyzeSignIns, eachSignInDifference, mergeSignIns } from './access/sign-ins.js';
export * from './tenants/tenant-facts.js';
export * from './tenants/tenants.js';
export { createTenantLocks, tryLockTenant, type TenantLocks } from './tenants/tenant-lock.js';
export { deleteTenantRows, type OnDeleted } from './tenants/delete-rows.js';
export { refreshGrants } from './access/sso-grants.js';
export * from './access/parents.js';
export * from './landing/skipped-parents.js';
export * from './landing/suspect-parents.js';
export {
  appRoleAssignments,
  groupMembers,
  organizations,
  servicePrincipals,
  signInEvents,
  users,
  type RunOutcome,
  type SkippedParent,
  type SkipReason,
} from './schema/index.js';
export {
  dropStaging,
  emptyStaging,
  openStaging,
  resetStaging,
  stagePage,
  saveCheckpoint,
  stagedText,
  type Owner,
  type Staged,
} from './landing/staging.js';
export { TakenOver } from './runs/taken-over.js';
export { syncTable, type Cells, type RowOf, type SyncTable } from './landing/sync-table.js';
