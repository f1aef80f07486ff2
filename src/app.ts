import type { Config } from './config.js';
import { RollcallError, systemCode } from './errors.js';
import { createGraphClient } from './graph/index.js';
import { migrateQueue, openQueue } from './jobs/open-queue.js';
import type { Queue } from './jobs/queue.js';
import { createRedisBudget } from './jobs/redis-budget.js';
import type { Tenant } from './jobs/worker.js';
import type { Logger } from './log.js';
import { embeddedPostgresExists, startEmbeddedPostgres } from './store/embedded/index.js';
import {
  countUsers,
  createAccessLog,
  createPostgresBudget,
  installationId,
  migrate,
  openDatabase,
  requireMigrated,
  type AccessLog,
  type Database,
} from './store/index.js';

export interface App {
  readonly config: Config;
  readonly log: Logger;
  readonly database: Database;
  /** With its password: for connections, not for people. */
  readonly databaseUrl: string;
  /** For people: where the rows are. Without a password. */
  readonly databaseLocation: string;
  /** Releases everything, the last acquired first. */
  close(): Promise<void>;
}

/** An app that can also work: with the queue, and with the tenant that the settings describe. */
export interface WorkingApp extends App {
  readonly queue: Queue;
  readonly accessLog: AccessLog;
  readonly tenant: Tenant;
}

type Release = () => Promise<void>;

/**
 * The database, for commands that only look. Creates nothing.
 * @throws RollcallError `database_unreachable`, `database_empty`, `database_newer`
 */
export function openReadingApp(config: Config, log: Logger): Promise<App> {
  return acquire(async (releases) => {
    if (config.databaseUrl === undefined && !embeddedPostgresExists(config.home)) {
      throw new RollcallError(
        'database_empty',
        `There is no database under ${config.home} yet, and DATABASE_URL is not set`,
        'Run `rollcall sync` (or `rollcall demo`) first, or set DATABASE_URL or ROLLCALL_HOME to where the data is.',
      );
    }
    const acquired = await acquireDatabase(config, log, releases);
    await requireMigrated(acquired.database);
    return { config, log, ...acquired };
  });
}

/** The database and the queue, for commands that look after jobs. Needs no credentials. */
export function openQueueApp(config: Config, log: Logger): Promise<App & { readonly queue: Queue }> {
  return acquire(async (releases) => {
    const app = await openReadingApp(config, log);
    releases.push(() => app.close());
    const queue = await acquireQueue(config, app, releases);
    return { ...app, queue };
  });
}

/** The database, migrated, for `migrate` itself. @returns how many migrations were applied as well */
export function openMigratedApp(config: Config, log: Logger): Promise<App & { readonly applied: number }> {
  return acquire(async (releases) => {
    const acquired = await acquireDatabase(config, log, releases);
    const applied = await migrate(acquired.database);
    if (config.redisUrl === undefined) await migrateQueue(acquired.database.pool);
    return { config, log, ...acquired, applied };
  });
}

/**
 * Everything that a run needs: the login first, because nothing may start with a wrong secret; then the database,
 * migrated; then the queue.
 */
export function openWorkingApp(config: Config, log: Logger): Promise<WorkingApp> {
  return acquire(async (releases) => {
    const accessLog = createAccessLog({ retentionDays: config.accessLogDays, log });
    const tenant = tenantOf(config, accessLog);
    releases.push(() => tenant.graph.close());
    await tenant.graph.signIn();
    const acquired = await acquireDatabase(config, log, releases);
    const { database } = acquired;
    await migrate(database);
    accessLog.writeTo(database);
    releases.push(() => accessLog.close());
    if (config.redisUrl === undefined) await migrateQueue(database.pool);
    const queue = await acquireQueue(config, { ...acquired, log }, releases);
    await shareBudget(config, { database, log, tenant }, releases);
    return { config, log, ...acquired, queue, accessLog, tenant };
  });
}

async function acquireDatabase(config: Config, log: Logger, releases: Release[]) {
  const databaseUrl = config.databaseUrl ?? (await acquireEmbedded(config, log, releases));
  const database = await openDatabase({ url: databaseUrl, log });
  releases.push(() => database.close());
  const { host, pathname } = new URL(databaseUrl);
  const embedded = config.databaseUrl === undefined ? ` (embedded, under ${config.home})` : '';
  return { database, databaseUrl, databaseLocation: `${host}${pathname}${embedded}` };
}

async function acquireQueue(
  { redisUrl }: Config,
  { database, databaseUrl, log }: Pick<App, 'database' | 'databaseUrl' | 'log'>,
  releases: Release[],
): Promise<Queue> {
  const queue = await openQueue({ redisUrl, databaseUrl, installationId: await installationId(database), log });
  releases.push(() => queue.close());
  return queue;
}

/** All processes that read the tenant with this application share one budget: in Redis where there is one, else in Postgres. */
async function shareBudget(
  { redisUrl, tenant }: Config,
  { database, log, tenant: { tenantId, graph } }: Pick<WorkingApp, 'database' | 'log' | 'tenant'>,
  releases: Release[],
): Promise<void> {
  const application = `${tenantId}/${tenant?.clientId ?? ''}`;
  const store =
    redisUrl === undefined
      ? createPostgresBudget(database, application)
      : createRedisBudget({ redisUrl, installationId: await installationId(database), application, log });
  releases.push(() => store.close());
  graph.shareBudget({
    store,
    countUsers: () => countUsers(database, tenantId),
    onAway: (error) =>
      log.warn({ code: systemCode(error) ?? 'no answer' }, 'the shared budget is away: each process keeps its own'),
  });
}

async function acquireEmbedded({ home }: Config, log: Logger, releases: Release[]): Promise<string> {
  const postgres = await startEmbeddedPostgres({ home, log });
  releases.push(() => postgres.release());
  return postgres.connectionString;
}

function tenantOf(config: Config, accessLog: AccessLog): Tenant {
  if (config.tenant === undefined) throw new Error('the settings were read without a tenant');
  const { tenantId, filters } = config.tenant;
  const {
    authorityHost,
    graphBaseUrl,
    certificateAuthority,
    graphTimeoutMs: timeoutMs,
    graphRetries: retries,
  } = config;
  const graph = createGraphClient({
    credential: config.tenant,
    authorityHost,
    graphBaseUrl,
    certificateAuthority,
    budget: { percent: config.graphBudgetPercent },
    onLogin: (exchange) => accessLog.record({ ...exchange, tenantId, task: null, runId: null }),
    timeoutMs,
    retry: { retries },
    login: { retries },
  });
  return { tenantId, graph, filters };
}

/** Releases what was acquired, in reverse, when the app is closed, and at once where a later step fails. */
async function acquire<T extends object>(steps: (releases: Release[]) => Promise<T>): Promise<T & { close: Release }> {
  const releases: Release[] = [];
  const close = async () => {
    const failures: unknown[] = [];
    for (let release = releases.pop(); release !== undefined; release = releases.pop()) {
      await release().catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  };
  try {
    return { ...(await steps(releases)), close };
  } catch (error) {
    await close().catch(() => {});
    throw error;
  }
}
