import { installationId } from '../../src/store/index.js';
import type { Emulator, TenantData } from '../../src/emulator/index.js';
import { createTestDatabase, embedded, type TestDatabase } from '../support/servers/database.js';
import { startTestEmulator } from '../support/servers/emulator.js';
import { testRedisUrl } from '../support/servers/redis.js';
import { settingsFor } from '../support/rollcall.js';
import { createCrew, type Crew } from './crew.js';
import { viewQueue, type QueueView } from './left-over.js';
import { firstState } from './tenant-states.js';

export type QueueName = 'Postgres' | 'Redis';

/** Where a trial takes place: a tenant, an empty database, a queue, and the crews that work them. */
export interface Scene {
  readonly tenant: TenantData;
  readonly emulator: Emulator;
  readonly database: TestDatabase;
  readonly queue: QueueView;
  /** @param schedule a cron pattern for all schedules, or `off` */
  crew(workers: number, schedule: string): Crew;
  close(): Promise<void>;
}

/** Long enough for a read to be met, short enough for rounds of seconds. */
const LATENCY_MS = 30;

export async function createScene(queueName: QueueName, now: Date): Promise<Scene> {
  if (queueName === 'Redis' && testRedisUrl === undefined) throw new Error('the trials on Redis need a Redis');
  const redisUrl = queueName === 'Redis' ? testRedisUrl : undefined;
  const tenant = firstState(now);
  const emulator = await startTestEmulator({ tenants: [tenant], latencyMs: LATENCY_MS });
  const database = await createTestDatabase(embedded());
  const settings = await settingsFor(emulator, tenant);
  const queue = viewQueue(database.url, await installationId(database), redisUrl);
  const crews: Crew[] = [];
  return {
    tenant,
    emulator,
    database,
    queue,
    crew(workers, schedule) {
      const redis = redisUrl === undefined ? {} : { REDIS_URL: redisUrl };
      const schedules = { SCHEDULE_NIGHTLY: schedule, SCHEDULE_SSO_ACCESS: schedule };
      const environment = { ...settings.environment, ...redis, ...schedules, LOG_LEVEL: 'info' };
      const crew = createCrew(workers, { environment, databaseUrl: database.url });
      crews.push(crew);
      return crew;
    },
    async close() {
      for (const crew of crews) await crew.killAll();
      await queue.close();
      await database.drop();
      await emulator.close();
      await settings.remove();
    },
  };
}
