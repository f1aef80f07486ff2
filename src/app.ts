import type { Config } from './settings/config.js';
import { databasePlace } from './settings/connections/database-url.js';
import { chooseTenants, configuredTenants, fromEnvironment, noTenant } from './tenants/configured.js';
import { RollcallError } from './errors.js';
import { migrateQueue, openQueue } from './jobs/queue/open.js';
import type { Queue } from './jobs/queue/queue.js';
import { followTenants, type FollowedTenants } from './tenants/follow.js';
import type { Logger } from './log.js';
import { openTenant, proveLogin } from './tenants/open.js';
import { embeddedPostgresExists, startEmbeddedPostgres } from './embedded-postgres/index.js';
import {
  createAccessLog,
  hasTenants,
  watchWaits,
  installationId,
  migrate,
  openBudgets,
  openDatabase,
  requireMigrated,
  requireUsable,
  type AccessLog,
  type Database,
  type Patience,
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

/** An app that can also work: with the queue, and with the configured tenants. */
export interface WorkingApp extends App {
  readonly queue: Queue;
  readonly accessLog: AccessLog;
  readonly tenants: FollowedTenants;
  /** The chosen ones; of several, some may not be reachable. */
  readonly tenantIds: readonly string[];
}

export interface WorkingOptions extends Patience {
  /** The name or id of the one tenant to work on; all of them unless given. */
  readonly only?: string | undefined;
  /** Does not wait for the logins of several tenants: each is served once it is logged in. */
  readonly eager?: boolean;
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

/**
 * The database and the queue, for commands about jobs. Needs no credentials.
 * @param options `create`: the database is migrated, and created if it is embedded and missing
 */
export function openQueueApp(
  config: Config,
  log: Logger,
  { create = false, ...patience }: Patience & { readonly create?: boolean } = {},
): Promise<App & { readonly queue: Queue }> {
  return acquire(async (releases) => {
    const app = await (create ? openMigratedApp(config, log, patience) : openReadingApp(config, log));
    releases.push(() => app.close());
    const queue = await acquireQueue(config, app, releases);
    return { ...app, queue };
  });
}

/**
 * The queue of an app that is open, for what can do without it.
 * @throws RollcallError `queue_unreachable`
 */
export async function withQueue<T>(app: App, work: (queue: Queue) => Promise<T>): Promise<T> {
  const opened = await acquire(async (releases) => ({ queue: await acquireQueue(app.config, app, releases) }));
  try {
    return await work(opened.queue);
  } finally {
    await opened.close();
  }
}

export interface MigratedOptions extends Patience {
  /** Wraps the migration, for a record of it. */
  readonly migrating?: (database: Database, work: () => Promise<number>) => Promise<number>;
}

/** The database, migrated, for `migrate` itself. @returns how many migrations were applied as well */
export function openMigratedApp(
  config: Config,
  log: Logger,
  { migrating = (_, work) => work(), ...given }: MigratedOptions = {},
): Promise<App & { readonly applied: number }> {
  return acquire(async (releases) => {
    const acquired = await acquireDatabase(config, log, releases);
    const patience = patienceOf(given, log);
    releases.push(watchWaits(acquired.database, patience));
    await requireUsable(acquired.database);
    const applied = await migrating(acquired.database, () => migrate(acquired.database, patience));
    if (config.redisUrl === undefined) await migrateQueue(acquired.database.pool, patience);
    return { config, log, ...acquired, applied };
  });
}

/**
 * Everything that a run needs: the database, the migrations, the queue, the logins. A single tenant that cannot be logged in to is an
 * error; of several, the others are served. If only the environment can name a tenant, its login is proved before anything is created.
 */
export function openWorkingApp(config: Config, log: Logger, options: WorkingOptions = {}): Promise<WorkingApp> {
  return acquire(async (releases) => {
    const { only, eager = false } = options;
    const patience = patienceOf(options, log);
    const accessLog = createAccessLog({ asker: 'worker', retentionDays: config.accessLogDays, log });
    const proveOwnLogin = async () => {
      const [own] = fromEnvironment(config);
      if (own === undefined) throw noTenant();
      await proveLogin(config, own, { accessLog, log });
    };

    const isNew = config.databaseUrl === undefined && !embeddedPostgresExists(config.home);
    if (isNew) await proveOwnLogin();
    const acquired = await acquireDatabase(config, log, releases);
    const { database } = acquired;
    releases.push(watchWaits(database, patience));
    if (!isNew && !(await hasTenants(database))) await proveOwnLogin();
    await requireUsable(database);
    await migrate(database, patience);
    accessLog.writeTo(database);
    releases.push(() => accessLog.close());

    if (config.redisUrl === undefined) await migrateQueue(database.pool, patience);
    const queue = await acquireQueue(config, { ...acquired, log }, releases);
    const budgets = await openBudgets({ ...config, database, log });
    releases.push(() => budgets.close());

    const tenantIds = chooseTenants(await configuredTenants(config, database), only).map(({ tenantId }) => tenantId);
    const tenants = followTenants({
      database,
      accessLog,
      log,
      async readConfigured() {
        const configured = await configuredTenants(config, database);
        return only === undefined ? configured : configured.filter(({ tenantId }) => tenantIds.includes(tenantId));
      },
      open: (tenant, signal) => openTenant(config, tenant, { database, budgets, accessLog, log, signal }),
    });
    releases.push(() => tenants.close());
    const settled = tenants.settle();
    const isOne = tenantIds.length === 1;
    if (isOne || !eager) await settled;
    const failure = tenants.failures().get(tenantIds[0] ?? '');
    if (isOne && failure !== undefined) throw failure;
    return { config, log, ...acquired, queue, accessLog, tenants, tenantIds };
  });
}

/** Commands that log nothing print; the worker logs. */
const patienceOf = ({ signal, tell = (sentence) => log.warn(sentence) }: Patience, log: Logger): Patience => ({
  signal,
  tell,
});

async function acquireDatabase(config: Config, log: Logger, releases: Release[]) {
  const databaseUrl = config.databaseUrl ?? (await acquireEmbedded(config, log, releases));
  const database = await openDatabase({ url: databaseUrl, log, certificateAuthority: config.certificateAuthority });
  releases.push(() => database.close());
  const embedded = config.databaseUrl === undefined ? ` (embedded, under ${config.home})` : '';
  return { database, databaseUrl, databaseLocation: `${databasePlace(databaseUrl)}${embedded}` };
}

async function acquireQueue(
  { redisUrl, certificateAuthority }: Config,
  { database, databaseUrl, log }: Pick<App, 'database' | 'databaseUrl' | 'log'>,
  releases: Release[],
): Promise<Queue> {
  const id = await installationId(database, log);
  const queue = await openQueue({ redisUrl, databaseUrl, installationId: id, log, certificateAuthority });
  releases.push(() => queue.close());
  return queue;
}

async function acquireEmbedded({ home }: Config, log: Logger, releases: Release[]): Promise<string> {
  const postgres = await startEmbeddedPostgres({ home, log });
  releases.push(() => postgres.release());
  return postgres.connectionString;
}

/** Releases what was acquired, in reverse, when the app is closed, and at once if a later step fails. */
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
