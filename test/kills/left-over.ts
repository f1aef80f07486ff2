import { createPostgresBackend, createRedisBackend, withBackend } from 'bullmq';
import { Redis } from 'ioredis';
import type { Pool } from 'pg';

const STATES = ['active', 'waiting', 'prioritized', 'delayed', 'waiting-children', 'failed'] as const;
type Counts = Readonly<Record<string, number>>;

/** Looks into the queue of a database, past our own facade: what is stuck there must not be able to hide. */
export interface QueueView {
  /** Jobs that are not done. Failed ones are among them: nothing here may fail a job. */
  counts(): Promise<Counts>;
  close(): Promise<void>;
}

export function viewQueue(databaseUrl: string, installationId: string, redisUrl: string | undefined): QueueView {
  if (redisUrl === undefined) {
    const { Queue } = withBackend(createPostgresBackend);
    const queue = new Queue('rollcall', { connection: { connectionString: databaseUrl, schema: 'bullmq' } });
    queue.on('error', () => {});
    return { counts: () => queue.getJobCounts(...STATES), close: () => queue.close() };
  }
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: null });
  const { Queue } = withBackend(createRedisBackend);
  const queue = new Queue('rollcall', { connection: redis, prefix: `rollcall:${installationId}` });
  return {
    counts: () => queue.getJobCounts(...STATES),
    async close() {
      await queue.close();
      redis.disconnect();
    },
  };
}

export const jobsIn = (counts: Counts): number => Object.values(counts).reduce((total, count) => total + count, 0);

/** What a run leaves in staging until it has landed, in tables that bear its id; afterwards there must be nothing. */
export async function stagingLeft(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'rollcall_staging'::regnamespace and relkind = 'r' and relname ~ '[0-9a-f-]{36}$'
     union all select 'the checkpoint of ' || run_id from rollcall_staging.checkpoints`,
  );
  return rows.map(({ name }) => name);
}

export async function openRuns(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ run: string }>(
    `select task || ' ' || id as run from rollcall_data.runs where ended_at is null`,
  );
  return rows.map(({ run }) => run);
}
