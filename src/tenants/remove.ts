import { setTimeout as sleep } from 'node:timers/promises';
import { RollcallError } from '../errors.js';
import type { Logger } from '../log.js';
import {
  deleteTenantRows,
  openBudgets,
  startRemoval,
  tryLockRun,
  tryLockTenant,
  type Database,
  type OnDeleted,
} from '../store/index.js';
import type { Queue } from '../jobs/queue/queue.js';
import { tasks } from '../jobs/registry.js';

export interface RemovalStores {
  readonly database: Database;
  readonly queue: Queue;
  readonly redisUrl: string | undefined;
  /** PEM of authorities to trust in addition to Node's. */
  readonly certificateAuthority?: string | undefined;
  readonly log: Logger;
}

export interface RemovalOptions {
  readonly tenantId: string;
  readonly signal: AbortSignal;
  /** Called once, if workers still work on the tenant. */
  readonly onWaiting: () => void;
  readonly onDeleted: OnDeleted;
}

const REMOVAL_POLL_MS = 200;
/** A worker notices within seconds, and ends a run within a few more. */
const LONGEST_WAIT_MS = 120_000;
/** The lock of a killed worker's job expires within 15 seconds; until then the job cannot be removed. */
const LONGEST_JOB_WAIT_MS = 20_000;

interface Lock {
  release(): void;
}

/**
 * Ends all work on a tenant and deletes everything of it: jobs, schedules, rows, cursors, logs, budgets. First it is marked, so that every
 * worker leaves it. Then this takes the lock that workers share while they read it, so that none writes afterwards. If it is interrupted,
 * it can be called again.
 * @throws RollcallError `busy`
 */
export async function removeTenant(stores: RemovalStores, options: RemovalOptions): Promise<void> {
  const { database, queue } = stores;
  const { tenantId, signal, onDeleted } = options;
  await startRemoval(database, tenantId);
  await queue.setSchedules(tenantId, []);
  await queue.removeOf(tenantId);
  const locks: Lock[] = [];
  try {
    let told = false;
    const wait = async (lock: () => Promise<Lock | undefined>) => {
      const got = await waitFor(lock, signal, () => {
        if (!told) options.onWaiting();
        told = true;
      });
      locks.push(got);
    };
    await wait(() => tryLockTenant(database, tenantId));
    // A process of `release` or `sync --dry-run` holds only these.
    for (const { name: task } of tasks) await wait(() => tryLockRun(database, { tenantId, task }));
    // A worker that still had one of its jobs has given it back, or will drop it.
    const until = Date.now() + LONGEST_JOB_WAIT_MS;
    while ((await queue.removeOf(tenantId)) > 0 && Date.now() < until)
      await sleep(REMOVAL_POLL_MS, undefined, { signal });
    await forgetBudget(stores, tenantId);
    signal.throwIfAborted();
    await deleteTenantRows(database, { tenantId, tasks: tasks.map(({ name }) => name), onDeleted, signal });
  } finally {
    for (const lock of locks) lock.release();
  }
}

async function waitFor(
  lock: () => Promise<Lock | undefined>,
  signal: AbortSignal,
  onWaiting: () => void,
): Promise<Lock> {
  const until = Date.now() + LONGEST_WAIT_MS;
  for (;;) {
    const got = await lock();
    if (got !== undefined) return got;
    if (Date.now() > until) throw stillBusy();
    onWaiting();
    await sleep(REMOVAL_POLL_MS, undefined, { signal });
  }
}

async function forgetBudget(stores: RemovalStores, tenantId: string): Promise<void> {
  const budgets = await openBudgets(stores);
  try {
    await budgets.forget(tenantId);
  } finally {
    await budgets.close();
  }
}

const stillBusy = () =>
  new RollcallError(
    'busy',
    'A worker still reads the tenant; no row was deleted, and no worker will start to read it',
    'Is there a worker of an earlier version, or one that hangs? Stop it, then run the same command again.',
  );
