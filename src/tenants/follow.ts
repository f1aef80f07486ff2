import { RetryLater, RollcallError, toRollcallError } from '../errors.js';
import type { GraphClient } from '../graph/index.js';
import type { Logger } from '../log.js';
import { createTenantLocks, noteLogin, type AccessLog, type Database } from '../store/index.js';
import type { DescribedTenant, ServedTenants, Tenant } from '../jobs/worker/served-tenants.js';

export interface FollowedTenants extends ServedTenants {
  /** What is written of those that are served. */
  described(): readonly DescribedTenant[];
  /** Why nobody can log in to a tenant, by its id. */
  failures(): ReadonlyMap<string, RollcallError>;
  /** Looks now, and waits until every tenant is served or has failed. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

export interface OpenedTenant {
  readonly graph: GraphClient;
  close(): Promise<void>;
}

export interface FollowOptions<Access> {
  readonly database: Database;
  readonly accessLog: AccessLog;
  readonly log: Logger;
  readonly describe: () => Promise<readonly DescribedTenant<Access>[]>;
  /** Logs in. @throws RollcallError */
  readonly open: (tenant: DescribedTenant<Access>, signal: AbortSignal) => Promise<OpenedTenant>;
}

/** How soon a tenant that was added, changed or disabled is noticed. A look costs one small query. */
const LOOK_MS = 2000;
/** How soon a login that has failed is tried again; and how soon where there is something to do. */
const AGAIN_MS = 60_000;
const SOONER_MS = 10_000;

interface Entry<Access> {
  described: DescribedTenant<Access>;
  readonly stop: AbortController;
  readonly jobs: Set<Promise<unknown>>;
  tenant?: Tenant;
  opened?: OpenedTenant;
  failure?: RollcallError;
  retryAt?: number;
  failedAt?: number;
  doubted?: true;
  /** Until it is served or has failed. */
  entering: Promise<void>;
  leaving?: Promise<void>;
}

/**
 * Serves the tenants that are described, as they come, change and go; one whose login fails disturbs no other. A tenant is left when
 * its runs under way have given themselves back and what they did is on record.
 */
export function followTenants<Access>({
  database,
  accessLog,
  log,
  describe,
  open,
}: FollowOptions<Access>): FollowedTenants {
  const entries = new Map<string, Entry<Access>>();
  const locks = createTenantLocks(database);
  let known: ReadonlyMap<string, DescribedTenant<Access>> = new Map();
  let looking: Promise<void> | undefined;
  let closed = false;

  async function enter(entry: Entry<Access>): Promise<void> {
    const { tenantId, name, filters } = entry.described;
    if (!(await locks.share(tenantId))) throw new RetryLater(LOOK_MS, `${name} is being removed`);
    try {
      entry.opened = await open(entry.described, entry.stop.signal);
      await noteLogin(database, tenantId);
      entry.tenant = { tenantId, graph: entry.opened.graph, filters };
      log.info({ tenantId, tenant: name }, 'tenant served');
    } catch (thrown) {
      await locks.release(tenantId).catch(() => {});
      throw thrown;
    }
  }

  async function fail(entry: Entry<Access>, thrown: unknown): Promise<void> {
    const { tenantId, name } = entry.described;
    const error = thrown instanceof RetryLater ? notNow(name, thrown) : toRollcallError(thrown);
    entry.failure = error;
    // Nothing is wrong with the tenant where somebody asks for a wait, or our own database is away.
    if (thrown instanceof RetryLater || error.code === 'database_unreachable') {
      entry.retryAt = Date.now() + (thrown instanceof RetryLater ? thrown.delayMs : LOOK_MS);
      return;
    }
    entry.failedAt = Date.now();
    entry.retryAt = entry.failedAt + AGAIN_MS;
    await noteLogin(database, tenantId, error).catch(() => {});
    log.error(
      { tenantId, tenant: name, code: error.code, error: error.message, advice: error.advice },
      'tenant cannot be read',
    );
  }

  function begin(described: DescribedTenant<Access>): void {
    const entry: Entry<Access> = {
      described,
      stop: new AbortController(),
      jobs: new Set(),
      entering: Promise.resolve(),
    };
    entries.set(described.tenantId, entry);
    entry.entering = enter(entry).catch((thrown: unknown) => fail(entry, thrown));
  }

  function leave(entry: Entry<Access>): Promise<void> {
    const { tenantId, name } = entry.described;
    entry.leaving ??= (async () => {
      entry.stop.abort(new RetryLater(0, `${name} is served no longer`));
      await entry.entering;
      await Promise.allSettled(entry.jobs);
      await entry.opened?.close().catch(() => {});
      await accessLog.flush();
      if (entry.tenant !== undefined) {
        await locks.release(tenantId).catch(() => {});
        log.info({ tenantId, tenant: name }, 'tenant left');
      }
      entries.delete(tenantId);
    })();
    return entry.leaving;
  }

  async function look(): Promise<void> {
    const described = await describe();
    known = new Map(described.map((each) => [each.tenantId, each]));
    const lost = new Set(await locks.refresh());
    for (const entry of entries.values()) {
      const now = known.get(entry.described.tenantId);
      const again = entry.retryAt !== undefined && entry.retryAt <= Date.now();
      const same = now !== undefined && now.enabled && keyOf(now) === keyOf(entry.described);
      const isDoubted = entry.doubted === true && entry.tenant !== undefined && entry.jobs.size === 0;
      if (same && !again && !isDoubted && !lost.has(now.tenantId)) entry.described = now;
      // Nobody waits for its runs to end: it is entered again at a later look.
      else void leave(entry);
    }
    if (closed) return;
    for (const each of described) if (each.enabled && !entries.has(each.tenantId)) begin(each);
  }

  function lookOnce(): Promise<void> {
    looking ??= look()
      .catch((error: unknown) => {
        if (!closed) log.warn({ code: toRollcallError(error).code }, 'the tenants could not be looked up');
      })
      .finally(() => (looking = undefined));
    return looking;
  }

  const timer = setInterval(() => void lookOnce(), LOOK_MS);
  return {
    list: () => served(entries).flatMap(({ tenant }) => tenant ?? []),
    described: () => served(entries).map(({ described }) => described),
    failures: () =>
      new Map([...entries].flatMap(([id, { failure }]) => (failure === undefined ? [] : [[id, failure] as const]))),
    absent(tenantId) {
      const described = known.get(tenantId);
      if (described === undefined) return undefined;
      if (!described.enabled) return 'disabled';
      return entries.get(tenantId)?.failure === undefined ? 'soon' : 'unreachable';
    },
    work(tenantId, work) {
      const entry = entries.get(tenantId);
      if (entry?.tenant === undefined || entry.leaving !== undefined) return undefined;
      const job = work(entry.tenant, entry.stop.signal);
      entry.jobs.add(job);
      return job.finally(() => entry.jobs.delete(job));
    },
    doubt(tenantId) {
      const entry = entries.get(tenantId);
      if (entry === undefined) return;
      entry.doubted = true;
      if (entry.failedAt !== undefined) entry.retryAt = entry.failedAt + SOONER_MS;
    },
    async settle() {
      await lookOnce();
      await Promise.all([...entries.values()].map(({ entering }) => entering));
    },
    async close() {
      closed = true;
      clearInterval(timer);
      await looking;
      await Promise.all([...entries.values()].map(leave));
      locks.close();
    },
  };
}

const notNow = (name: string, { message, delayMs }: RetryLater) =>
  new RollcallError(
    'tenant_refused',
    `${name} cannot be read now: ${message}`,
    `It is tried again in ${Math.ceil(delayMs / 1000)} s.`,
  );

const keyOf = ({ filters, access }: DescribedTenant): string => JSON.stringify([filters, access]);

const served = <Access>(entries: ReadonlyMap<string, Entry<Access>>): Entry<Access>[] =>
  [...entries.values()].filter(({ tenant, leaving }) => tenant !== undefined && leaving === undefined);
