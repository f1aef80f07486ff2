export { eachDifference, type OnDifferences, type RowDifference } from './differences.js';
export { createAccessLog, type AccessLog, type AskedExchange } from './access-log.js';
export { countUsers } from './count-users.js';
export { createPostgresBudgets, type PostgresBudget, type PostgresBudgets } from './postgres-budget.js';
export { listExchanges, type RecordedExchange } from './list-exchanges.js';
export { openDatabase, withClient, type Database, type Session } from './database.js';
export { diff, diffTable, type Difference } from './diff.js';
export { countHeld, discardHeld, nameHeld, releaseHeld } from './held-removals.js';
export { createPool, keepSockets, type PoolOptions } from './pool.js';
export { createRedis, type RedisClient, type RedisWay } from './redis-client.js';
export { installationId } from './installation.js';
export { isHeld } from './guard.js';
export { countMet, differingProperties } from './live-rows.js';
export { merge } from './merge.js';
export { migrate, migrationState, notAllowed, requireMigrated } from './migrate.js';
export { createSchema } from './migrations.js';
export type { Patience } from './patience.js';
export { namingHolders, type LockWait } from './lock-wait.js';
export { examineSecurity } from './row-security-faults.js';
export { formatFault, openTo } from './row-security.js';
export { findUnfit, requireUsable } from './usable.js';
export { serverFacts } from './server-facts.js';
export { refreshStatistics } from './statistics.js';
export { readOnlyQuery } from './read-only-query.js';
export * from './open-run.js';
export * from './operator-actions.js';
export * from './run-lock.js';
export * from './runs.js';
export * from './cursors.js';
export { findQuarantined, listQuarantine, quarantineStaged } from './quarantine.js';
export { dropOldSignIns } from './sign-in-partitions.js';
export { analyzeSignIns, eachSignInDifference, mergeSignIns } from './sign-ins.js';
export * from './tenant-facts.js';
export * from './tenants.js';
export { createTenantLocks, tryLockTenant, type TenantLocks } from './tenant-lock.js';
export { deleteTenantRows, type OnDeleted } from './remove-tenant.js';
export { refreshGrants } from './sso-grants.js';
export * from './parents.js';
export * from './skipped-parents.js';
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
  TakenOver,
  type Owner,
  type Staged,
} from './staging.js';
export { syncTable, type Cells, type RowOf, type SyncTable } from './sync-table.js';
