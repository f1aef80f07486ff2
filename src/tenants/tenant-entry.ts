import { RetryLater, toRollcallError } from '../errors.js';
import type { GraphClient } from '../graph/index.js';
import type { ConfiguredTenant, TenantWork } from '../jobs/worker/served-tenants.js';
import type { Logger } from '../log.js';
import { noteLogin, type AccessLog, type Database, type TenantLocks } from '../store/index.js';
import { isOurs, nextState, SHORT_WAIT_MS, type TenantEvent, type TenantState } from './tenant-state.js';

export interface OpenedTenant {
  readonly graph: GraphClient;
  close(): Promise<void>;
}

/** One configured tenant in this process, from its login until its jobs have ended. */
export interface TenantEntry {
  readonly state: TenantState;
  /** Updated if only its name or schedule has changed. */
  configured: ConfiguredTenant;
  /** Ends when the tenant is served or has failed. */
  readonly started: Promise<unknown>;
  /** Whether it is time to log in again; running jobs are not disturbed for that. */
  needsRestart(now: number): boolean;
  work<T>(work: TenantWork<T>): Promise<T> | undefined;
  reportLoginRefused(): void;
  /** Ends when its jobs have given themselves back and their access log is saved. */
  stop(): Promise<void>;
}

export interface EntryOptions {
  readonly database: Database;
  readonly accessLog: AccessLog;
  readonly log: Logger;
  /** Logs in. @throws RollcallError */
  readonly open: (tenant: ConfiguredTenant, signal: AbortSignal) => Promise<OpenedTenant>;
}

export function startTenant(
  configured: ConfiguredTenant,
  { database, accessLog, log, open, locks }: EntryOptions & { readonly locks: TenantLocks },
): TenantEntry {
  const { tenantId, name, filters } = configured;
  const facts = { tenantId, tenant: name };
  const stopping = new AbortController();
  const jobs = new Set<Promise<unknown>>();
  let state: TenantState = { kind: 'starting' };
  let stopped: Promise<void> | undefined;
  const happened = (event: TenantEvent) => (state = nextState(state, event));

  async function start(): Promise<OpenedTenant> {
    if (!(await locks.share(tenantId))) throw new RetryLater(SHORT_WAIT_MS, `${name} is being removed`);
    let opened: OpenedTenant | undefined;
    try {
      opened = await open(configured, stopping.signal);
      await noteLogin(database, tenantId);
      happened({ kind: 'opened', tenant: { tenantId, graph: opened.graph, filters } });
      log.info(facts, 'tenant served');
      return opened;
    } catch (thrown) {
      await opened?.close().catch(() => {});
      await locks.release(tenantId).catch(() => {});
      throw thrown;
    }
  }

  async function fail(thrown: unknown): Promise<undefined> {
    happened({ kind: 'failed', name, thrown, now: Date.now() });
    const error = toRollcallError(thrown);
    if (thrown instanceof RetryLater || isOurs(error)) return;
    await noteLogin(database, tenantId, error).catch(() => {});
    log.error({ ...facts, code: error.code, error: error.message, advice: error.advice }, 'tenant cannot be read');
  }

  const started = start().catch(fail);

  async function stop(): Promise<void> {
    happened({ kind: 'stop' });
    stopping.abort(new RetryLater(0, `${name} is no longer served`));
    const opened = await started;
    await Promise.allSettled(jobs);
    await opened?.close().catch(() => {});
    await accessLog.flush();
    if (opened === undefined) return;
    await locks.release(tenantId).catch(() => {});
    log.info(facts, 'tenant left');
  }

  return {
    get state() {
      return state;
    },
    configured,
    started,
    needsRestart(now) {
      if (state.kind === 'failed') return state.retryAt <= now;
      return state.kind === 'serving' && state.isRefused && jobs.size === 0;
    },
    work(work) {
      if (state.kind !== 'serving') return undefined;
      const job = work(state.tenant, stopping.signal);
      jobs.add(job);
      return job.finally(() => jobs.delete(job));
    },
    reportLoginRefused: () => void happened({ kind: 'login refused' }),
    stop: () => (stopped ??= stop()),
  };
}
