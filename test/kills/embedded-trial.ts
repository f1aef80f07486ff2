import { tasks } from '../../src/jobs/registry.js';
import { installationId, openDatabase } from '../../src/store/index.js';
import { startEmbeddedPostgres } from '../../src/embedded-postgres/index.js';
import { silent, type TestDatabase } from '../support/servers/database.js';
import { createOnlooker } from './embedded-server.js';
import { viewQueue, type QueueView } from './left-over.js';
import { look } from './moment.js';
import type { Random } from './random.js';
import { compare, takeSnapshot } from './snapshot.js';
import { strike, type Strike } from './strike.js';
import type { Trial } from './trial.js';
import type { Undisturbed } from './undisturbed.js';
import { startVictim } from './victim.js';

export interface EmbeddedTrialOptions {
  readonly environment: Record<string, string>;
  readonly home: string;
  readonly kills: number;
  readonly random: Random;
  readonly undisturbed: Undisturbed;
  /** Changes the tenant for a round. */
  readonly change: (round: number) => void;
}

const LEAST_ROUNDS = 3;
const KILLS_A_ROUND = 5;

/** Kills `rollcall sync`, the parent of an embedded server, again and again; now and then its server with it. */
export async function runEmbeddedTrial(
  options: EmbeddedTrialOptions,
): Promise<Trial & { readonly serversKilled: number }> {
  const { home, kills, undisturbed, change } = options;
  const strikes: Strike[] = [];
  const rounds: string[] = [];
  const trial = { compared: 0, lost: [] as string[], surplus: [] as string[], serversKilled: 0 };
  while (strikes.length < kills || rounds.length < LEAST_ROUNDS) {
    const number = rounds.length;
    if (number > 0) change(number);
    rounds.push(new Date().toISOString());
    trial.serversKilled += await syncToItsEnd(options, strikes, Math.min(kills, strikes.length + KILLS_A_ROUND));
    const expected = (await undisturbed.after(number)).snapshot;
    const found = await withEmbedded(home, async ({ pool }) => compare(expected, await takeSnapshot(pool)));
    trial.compared += found.compared;
    trial.lost.push(...found.lost);
    trial.surplus.push(...found.surplus);
  }
  return { ...trial, strikes, rounds };
}

/** @returns how often the server was killed as well */
async function syncToItsEnd(options: EmbeddedTrialOptions, strikes: Strike[], most: number): Promise<number> {
  const { environment, home, random } = options;
  const onlooker = createOnlooker(home);
  const tenantId = environment['AZURE_TENANT_ID'] ?? '';
  const names = tasks.map(({ name }) => name);
  let serversKilled = 0;
  try {
    for (;;) {
      const victim = startVictim(['sync'], environment);
      if (strikes.length < most) {
        const sight = () => look(onlooker, victim.name, tenantId, names);
        const isOver = () => Promise.resolve(!victim.isAlive());
        strikes.push(...(await strike({ random, victims: [victim], look: sight, isOver })));
        if (random.chance(0.3) && (await onlooker.killServer())) serversKilled += 1;
      }
      await victim.running.ended;
      const ended = victim.endedByItself();
      if (ended === undefined) continue;
      if (ended.code !== 0) throw new Error(`a sync ended that nobody killed: ${JSON.stringify(ended)}`);
      return serversKilled;
    }
  } finally {
    await onlooker.close();
  }
}

export interface Embedded extends Pick<TestDatabase, 'pool' | 'rows'> {
  readonly queue: QueueView;
}

/** Joins the embedded server, or starts it, as any process of Rollcall would. */
export async function withEmbedded<T>(home: string, work: (database: Embedded) => Promise<T>): Promise<T> {
  const postgres = await startEmbeddedPostgres({ home, log: silent });
  const { connectionString: url } = postgres;
  const database = await openDatabase({ url, log: silent });
  const queue = viewQueue(url, await installationId(database), undefined);
  const rows = async <R extends object>(sql: string, values: unknown[] = []) =>
    (await database.pool.query<R>(sql, values)).rows;
  try {
    return await work({ pool: database.pool, rows, queue });
  } finally {
    await queue.close();
    await database.close();
    await postgres.release();
  }
}
