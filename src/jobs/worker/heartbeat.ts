import { createHash } from 'node:crypto';
import { rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Config } from '../../settings/config.js';
import { databasePlace } from '../../settings/connections/database-url.js';
import type { Logger } from '../../log.js';
import { writeWhole } from '../../write-whole.js';

const BEAT_MS = 10_000;
/** A look at a store that is away takes its time; after three missed beats nothing works here. */
const DEAD_MS = 45_000;

/** What a worker leaves on this machine for whoever looks after it: a file that is as old as its last sign of life. */
const fileOf = ({ databaseUrl, home }: Pick<Config, 'databaseUrl' | 'home'>): string => {
  const place = databaseUrl === undefined ? resolve(home) : databasePlace(databaseUrl);
  return join(tmpdir(), `rollcall-worker-${createHash('sha256').update(place).digest('hex').slice(0, 16)}`);
};

/**
 * Gives a sign of life as long as the database and the queue answer.
 * @param proves ends when both have answered; fails, or does not end, if one does not
 * @returns what ends it, and takes the sign away
 */
export function keepAlive(config: Config, proves: () => Promise<unknown>, log: Logger): () => Promise<void> {
  const file = fileOf(config);
  let looking = false;
  const beat = async () => {
    if (looking) return;
    looking = true;
    try {
      await proves();
      await writeWhole(file, String(process.pid), 0o600);
    } catch (error) {
      log.debug({ error: String(error) }, 'no sign of life');
    } finally {
      looking = false;
    }
  };
  void beat();
  const timer = setInterval(() => void beat(), BEAT_MS);
  return async () => {
    clearInterval(timer);
    await rm(file, { force: true });
  };
}

/** Whether a worker of this machine on this database has given a sign of life of late. */
export async function isAlive(config: Config, now = Date.now()): Promise<boolean> {
  const found = await stat(fileOf(config)).catch(() => undefined);
  const isOurs = found?.uid === (process.getuid?.() ?? found?.uid);
  return found !== undefined && isOurs && now - found.mtimeMs < DEAD_MS;
}
