import { readFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/embedded-postgres/index.js';
import { silent } from '../support/servers/database.js';
import { createStage, type Stage } from './stage.js';

/** A stage on a Postgres of its own, which faults may kill: it starts again, and recovers, by itself. */
export async function createOwnStage(): Promise<Stage> {
  const home = await mkdtemp(join(tmpdir(), 'rollcall-faults-'));
  const postgres = await startEmbeddedPostgres({ home, log: silent });
  const stage = await createStage({ name: 'an embedded Postgres of its own', url: postgres.connectionString });
  return {
    ...stage,
    async crash() {
      const file = await readFile(join(postgres.directory, 'data', 'postmaster.pid'), 'utf8');
      process.kill(Number(file.split('\n')[0]), 'SIGKILL');
      // Its backends outlive it for a moment, and until the last is gone no other can start.
      await untilRunning(postgres);
    },
    async close() {
      await stage.close();
      await postgres.release();
      await rm(home, { recursive: true, force: true });
    },
  };
}

async function untilRunning(postgres: EmbeddedPostgres): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await postgres.ensureRunning();
    } catch (error) {
      if (tries === 30) throw error;
      await sleep(1000);
    }
  }
}
