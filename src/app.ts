import type { Config } from './settings/config.js';
import { databasePlace } from './settings/connections/database-url.js';
import { chooseTenants, describeTenants, environmentTenant, noTenant } from './tenants/configured.js';
import { RollcallError } from './errors.js';
import { migrateQueue, openQueue } from './jobs/queue/open.js';
import type { Queue } from './jobs/queue/queue.js';
import type { GraphClient } from './graph/index.js';
import { followTenants, type FollowedTenants } from './tenants/follow.js';
import type { Logger } from './log.js';
import { createTenantGraph, openTenant } from './tenants/open.js';
import { embeddedPostgresExists, startEmbeddedPostgres } from './embedded-postgres/index.js';
import {
  createAccessLog,
  installationId,
  keepsTenants,
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

/** An app that can also work: with the queue, and with the tenants that the settings and the database describe. */
export interface WorkingApp extends App {
  readonly queue: Queue;
  readonly accessLog: AccessLog;
  readonly tenants: FollowedTenants;
  /** Those that were asked for; of several, some may not have been reached. */
  readonly tenantIds: readonly string[];
}

export interface WorkingOptions extends Patience {
  /** The name or id of the one tenant to work on; all of them unless given. */
  readonly only?: string | undefined;
  /** Does not wait for the logins of several tenants: those whose login has ended are served. */
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
 * The database and the queue, for commands that look after jobs. Needs no credentials.
 * @param options `create`: the database is migrated, and made where it is embedded and missing
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
  /** Around the migration: for an account of it. */
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
    await requireUsable(acquired.database);
    const applied = await migrating(acquired.database, () => migrate(acquired.database, patience));
    if (config.redisUrl === undefined) await migrateQueue(acquired.database.pool, patience);
    return { config, log, ...acquired, applied };
  });
}

/**
 * Everything that a run needs: the database, the login, because nothing may start with a wrong secret, the migrations, the queue. With
 * one tenant it is refused where nobody can log in; with several the others are served.
 */
export function openWorkingApp(config: Config, log: Logger, options: WorkingOptions = {}): Promise<WorkingApp> {
  return acquire(async (releases) => {
    const { only, eager = false } = options;
    const accessLog = createAccessLog({ asker: 'worker', retentionDays: config.accessLogDays, log });
    const graphs = new Map<string, GraphClient>();
    releases.push(() => closeAll(graphs));
    // The tenant of the environment, where it is the only one, logs in before anything is made or changed.
    const logInFirst = async () => {
      const own = environmentTenant(config);
      if (own === undefined) throw noTenant();
      const graph = await createTenantGraph(config, own, { accessLog, log });
      graphs.set(own.tenantId, graph);
      await graph.signIn();
    };
    const isNew = config.databaseUrl === undefined && !embeddedPostgresExists(config.home);
    if (isNew) await logInFirst();
    const acquired = await acquireDatabase(config, log, releases);
    const { database } = acquired;
    if (!isNew && !(await keepsTenants(database))) await logInFirst();
    const patience = patienceOf(options, log);
    await requireUsable(database);
    await migrate(database, patience);
    accessLog.writeTo(database);
    releases.push(() => accessLog.close());
    if (config.redisUrl === undefined) await migrateQueue(database.pool, patience);
    const queue = await acquireQueue(config, { ...acquired, log }, releases);
    const budgets = await openBudgets({ ...config, database, log });
    releases.push(() => budgets.close());

    const chosen = chooseTenants(await describeTenants(config, database), only);
    const tenants = followTenants({
      database,
      accessLog,
      log,
      describe: async () =>
        (await describeTenants(config, database)).filter(
          ({ tenantId }) => only === undefined || tenantId === chosen[0]?.tenantId,
        ),
      async open(described, signal) {
        const graph =
          graphs.get(described.tenantId) ?? (await createTenantGraph(config, described, { accessLog, log }));
        graphs.delete(described.tenantId);
        return openTenant(described, graph, { database, budgets, log, signal });
      },
    });
    releases.push(() => tenants.close());
    const [first, ...others] = chosen.map(({ tenantId }) => tenantId);
    const settled = tenants.settle();
    if (!eager || others.length === 0) await settled;
    const failure = tenants.failures().get(first ?? '');
    if (failure !== undefined && others.length === 0) throw failure;
    return { config, log, ...acquired, queue, accessLog, tenants, tenantIds: chosen.map(({ tenantId }) => tenantId) };
  });
}

/** Commands that log nothing tell a person; the worker logs. */
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

async function closeAll(graphs: ReadonlyMap<string, GraphClient>): Promise<void> {
  for (const graph of graphs.values()) await graph.close();
}

async function acquireEmbedded({ home }: Config, log: Logger, releases: Release[]): Promise<string> {
  const postgres = await startEmbeddedPostgres({ home, log });
  releases.push(() => postgres.release());
  return postgres.connectionString;
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
