import { createHash } from 'node:crypto';
import { rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Config } from '../../settings/config.js';
import { databasePlace } from '../../settings/connections/database-url.js';
import type { Logger } from '../../log.js';
import { writeWhole } from '../../write-whole.js';

const BEAT_MS = 10_000;
/** A beat may be late while a store is slow to answer; four missed beats mean that the worker is dead. */
const DEAD_MS = 45_000;

/** A health check compares the age of this file: the worker rewrites it with every beat. */
const fileOf = ({ databaseUrl, home }: Pick<Config, 'databaseUrl' | 'home'>): string => {
  const place = databaseUrl === undefined ? resolve(home) : databasePlace(databaseUrl);
  return join(tmpdir(), `rollcall-worker-${createHash('sha256').update(place).digest('hex').slice(0, 16)}`);
};

/**
 * Beats as long as the database and the queue answer.
 * @param proves ends when both have answered; fails or hangs if one does not
 * @returns stops it and removes the file
 */
export function keepAlive(config: Config, proves: () => Promise<unknown>, log: Logger): () => Promise<void> {
  const file = fileOf(config);
  let looking = false;
  let ended = false;
  const beat = async () => {
    if (looking) return;
    looking = true;
    try {
      await proves();
      if (!ended) await writeWhole(file, String(process.pid), 0o600);
      // The end may have come while it was written.
      if (ended) await rm(file, { force: true });
    } catch (error) {
      log.debug({ error: String(error) }, 'heartbeat missed');
    } finally {
      looking = false;
    }
  };
  void beat();
  const timer = setInterval(() => void beat(), BEAT_MS);
  return async () => {
    ended = true;
    clearInterval(timer);
    await rm(file, { force: true });
  };
}

/** Whether a worker on this machine and this database has beaten recently. */
export async function isAlive(config: Config, now = Date.now()): Promise<boolean> {
  const found = await stat(fileOf(config)).catch(() => undefined);
  const isOurs = found?.uid === (process.getuid?.() ?? found?.uid);
  return found !== undefined && isOurs && now - found.mtimeMs < DEAD_MS;
}
