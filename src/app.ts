import type { Config } from './config.js';
import { RollcallError } from './errors.js';
import { createGraphClient } from './graph/index.js';
import { migrateQueue, openQueue } from './jobs/open-queue.js';
import type { Queue } from './jobs/queue.js';
import type { Tenant } from './jobs/worker.js';
import type { Logger } from './log.js';
import { embeddedPostgresExists, startEmbeddedPostgres } from './store/embedded/index.js';
import { installationId, migrate, openDatabase, requireMigrated, type Database } from './store/index.js';

export interface App {
  readonly config: Config;
  readonly log: Logger;
  readonly database: Database;
  /** For people: where the rows are. Without a password. */
  readonly databaseLocation: string;
  /** Releases everything, the last acquired first. */
  close(): Promise<void>;
}

/** An app that can also work: with the queue, and with the tenant that the settings describe. */
export interface WorkingApp extends App {
  readonly queue: Queue;
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
    const { database, databaseLocation } = await acquireDatabase(config, log, releases);
    await requireMigrated(database);
    return { config, log, database, databaseLocation };
  });
}

/** The database, migrated, for `migrate` itself. @returns how many migrations were applied as well */
export function openMigratedApp(config: Config, log: Logger): Promise<App & { readonly applied: number }> {
  return acquire(async (releases) => {
    const { database, databaseLocation } = await acquireDatabase(config, log, releases);
    const applied = await migrate(database);
    if (config.redisUrl === undefined) await migrateQueue(database.pool);
    return { config, log, database, databaseLocation, applied };
  });
}

/**
 * Everything that a run needs: the login first, because nothing may start with a wrong secret; then the database,
 * migrated; then the queue.
 */
export function openWorkingApp(config: Config, log: Logger): Promise<WorkingApp> {
  return acquire(async (releases) => {
    const tenant = tenantOf(config);
    releases.push(() => tenant.graph.close());
    await tenant.graph.signIn();
    const { database, databaseLocation, databaseUrl } = await acquireDatabase(config, log, releases);
    await migrate(database);
    if (config.redisUrl === undefined) await migrateQueue(database.pool);
    const id = await installationId(database);
    const queue = await openQueue({ redisUrl: config.redisUrl, databaseUrl, installationId: id, log });
    releases.push(() => queue.close());
    return { config, log, database, databaseLocation, queue, tenant };
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

async function acquireEmbedded({ home }: Config, log: Logger, releases: Release[]): Promise<string> {
  const postgres = await startEmbeddedPostgres({ home, log });
  releases.push(() => postgres.release());
  return postgres.connectionString;
}

function tenantOf(config: Config): Tenant {
  if (config.tenant === undefined) throw new Error('the settings were read without a tenant');
  const { tenantId, filters } = config.tenant;
  const { authorityHost, graphBaseUrl, certificateAuthority } = config;
  const graph = createGraphClient({ credential: config.tenant, authorityHost, graphBaseUrl, certificateAuthority });
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
