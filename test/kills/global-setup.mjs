// The Postgres and the Redis of the other tests, a seed, and a file for what the trials find.
import { randomInt } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import commonSetup from '../global-setup.mjs';

export default async function globalSetup() {
  process.env.REQUIRE_REDIS = '1';
  process.env.KILLS_SEED ||= String(randomInt(1_000_000));
  process.stderr.write(`KILLS_SEED=${process.env.KILLS_SEED}\n`);
  await commonSetup();
  globalThis.killsFolder = await mkdtemp(join(tmpdir(), 'rollcall-kills-'));
  process.env.ROLLCALL_KILLS_REPORT = join(globalThis.killsFolder, 'findings');
}
