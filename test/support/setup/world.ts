import { accountOf } from '../../../src/settings/credential.js';
import { createGraphClient, type GraphClientOptions } from '../../../src/graph/client.js';
import type { GraphClient } from '../../../src/graph/index.js';
import { openQueue } from '../../../src/jobs/queue/open.js';
import type { Queue } from '../../../src/jobs/queue/queue.js';
import { tasks } from '../../../src/jobs/registry.js';
import { fixedTenants } from '../../../src/jobs/worker/served-tenants.js';
import { sync, type SyncOptions } from '../../../src/jobs/worker/sync.js';
import type { Filters } from '../../../src/jobs/task.js';
import {
  generateTenant,
  sampleTenant,
  type Emulator,
  type EmulatorOptions,
  type TenantData,
} from '../../../src/emulator/index.js';
import { createAccessLog, installationId, type AccessLog, type Run } from '../../../src/store/index.js';
import { startTestEmulator } from '../servers/emulator.js';
import { createTestDatabase, embedded, silent, type TestDatabase } from '../servers/database.js';

export interface World {
  readonly emulator: Emulator;
  readonly tenant: TenantData;
  readonly database: TestDatabase;
  readonly queue: Queue;
  readonly graph: GraphClient;
  readonly accessLog: AccessLog;
  /** A client that shares nothing with the other: that of another process. */
  newGraph(overrides?: Partial<GraphClientOptions>): GraphClient;
  /** Runs tasks to their end and gives their runs. */
  sync(
    options?: Partial<
      Filters &
        Pick<
          SyncOptions,
          | 'tasks'
          | 'settings'
          | 'full'
          | 'signal'
          | 'onProgress'
          | 'database'
          | 'queue'
          | 'accessLog'
          | 'tenants'
          | 'tenantIds'
        > & { graph: GraphClient }
    >,
  ): Promise<Run[]>;
  close(): Promise<void>;
}

export interface WorldOptions extends Omit<EmulatorOptions, 'tenants'> {
  readonly tenant?: TenantData;
  /** Where the queue is; Postgres unless given. */
  readonly redisUrl?: string | undefined;
}

export const SETTINGS = { removalGuardPercent: 10, signInRetentionDays: 90, fullReadEveryDays: 7 };
const FAST_RETRY = { retries: 3, firstWaitMs: 5, longestWaitMs: 10 };

/** An emulator with a tenant, an empty database, a queue, and the client between them. */
export async function createWorld({
  tenant = sampleTenant(),
  redisUrl,
  ...options
}: WorldOptions = {}): Promise<World> {
  const emulator = await startTestEmulator({ ...options, tenants: [tenant] });
  const database = await createTestDatabase(embedded());
  const queue = await openQueue({
    redisUrl,
    databaseUrl: database.url,
    installationId: await installationId(database),
    log: silent,
  });
  const accessLog = createAccessLog({ asker: 'worker', retentionDays: 7, log: silent });
  accessLog.writeTo(database);
  const { tenantId } = tenant;
  const [application] = tenant.applications.values();
  const clients: GraphClient[] = [];
  const newGraph = (overrides: Partial<GraphClientOptions> = {}) => {
    const { clientId, secrets } = application!;
    const credential = { kind: 'secret', tenantId, clientId, clientSecret: secrets[0]!.value } as const;
    const client = createGraphClient({
      credential,
      authorityHost: emulator.url,
      graphBaseUrl: emulator.url,
      certificateAuthority: emulator.certificate,
      onLogin: accessLog.for(accountOf(credential)),
      retry: FAST_RETRY,
      ...overrides,
    });
    clients.push(client);
    return client;
  };
  const graph = newGraph();
  return {
    emulator,
    tenant,
    database,
    queue,
    graph,
    accessLog,
    newGraph,
    sync: ({ includeGuests = false, includeAgents = false, domainNames = [], graph: other, ...options } = {}) =>
      sync({
        queue,
        database,
        accessLog,
        log: silent,
        tenants: fixedTenants([
          { tenantId, graph: other ?? graph, filters: { includeGuests, includeAgents, domainNames } },
        ]),
        tenantIds: [tenantId],
        tasks,
        full: false,
        settings: SETTINGS,
        signal: new AbortController().signal,
        onProgress: () => {},
        ...options,
      }),
    async close() {
      await queue.close();
      for (const client of clients) await client.close();
      await accessLog.close();
      await database.drop();
      await emulator.close();
    },
  };
}

/** A tenant of several pages. */
export const tenantOf = (users: number): TenantData => generateTenant({ users });

/** Every live user of a tenant, as Graph would send them. */
export function usersOf({ users }: TenantData): Record<string, unknown>[] {
  return users.places(-1, Number.MAX_SAFE_INTEGER).map((place) => ({ ...users.at(place) }));
}

/** The paths that Graph was asked for, without the login. */
export const graphPaths = ({ requests }: Emulator): string[] =>
  requests.map(({ path }) => path).filter((path) => path.startsWith('/v1.0/'));
