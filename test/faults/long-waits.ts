import type { Ended, Running } from '../support/rollcall.js';
import type { Scene } from './fault-case.js';

const MOST_WAITS = 12;

/**
 * Runs until Graph asks for a long wait, sees the job given back at no cost, lets the time pass by moving the clocks of the
 * run and of the budget, and goes on in another process, until everything has ended.
 */
export function acrossLongWaits(seconds: number): (scene: Scene) => Promise<Ended> {
  return async (scene) => {
    for (let waits = 0; waits < MOST_WAITS; waits += 1) {
      const program = scene.start(['sync']);
      if (!(await untilWaiting(scene, program))) return program.ended;
      await requireGivenBack(scene, seconds);
      await stop(program);
      await passTime(scene);
    }
    throw new Error(`the runs went on waiting after ${MOST_WAITS} waits`);
  };
}

/** The same of one task, whose job comes back by itself: a worker is there, and nobody asks for the run again. */
export async function givenBack(
  scene: Scene,
  meanwhile: () => Promise<void> = () => Promise.resolve(),
): Promise<Ended> {
  const program = scene.start(['sync', 'hr-roster']);
  if (!(await untilWaiting(scene, program))) return program.ended;
  await requireGivenBack(scene, 3600);
  await stop(program);
  await meanwhile();
  await passTime(scene);
  const worker = scene.start(['worker'], { SCHEDULE_NIGHTLY: 'off', SCHEDULE_SSO_ACCESS: 'off' });
  await until(scene, 'select count(*) = 0 as yes from rollcall_data.runs where ended_at is null');
  return { ...(await stop(worker)), code: 0 };
}

/** @returns false where the program has ended without a wait */
async function untilWaiting(scene: Scene, { ended }: Running): Promise<boolean> {
  const stop = new AbortController();
  const waiting = until(
    scene,
    'select count(*) > 0 as yes from rollcall_data.runs where ended_at is null and waiting_until > now()',
    stop.signal,
  ).then(() => true);
  const first = await Promise.race([waiting, ended.then(() => false)]);
  stop.abort();
  return first;
}

async function requireGivenBack({ database }: Scene, seconds: number): Promise<void> {
  const [run] = await database.rows<{ left: number }>(
    `select extract(epoch from max(waiting_until) - now())::float8 as left from rollcall_data.runs where ended_at is null`,
  );
  // Other requests may have been under way when the pause began; a minute covers them. Each that learns of it afterwards
  // rounds what is left up to a millisecond.
  if (run!.left > seconds + 0.1 || run!.left < seconds - 60) throw new Error(`it waits ${run!.left} s, not ${seconds}`);
  const costly = await database.rows(
    `select data, attempts_made, failed_reason, stacktrace from bullmq.job where state not in ('completed', 'failed') and attempts_made > 0`,
  );
  if (costly.length > 0) throw new Error(`the wait cost attempts: ${JSON.stringify(costly)}`);
}

async function passTime({ database }: Scene): Promise<void> {
  await database.pool.query('update rollcall_data.runs set waiting_until = now() where waiting_until is not null');
  await database.pool.query("update bullmq.job set process_at_ms = 0 where state = 'delayed'");
  await database.pool.query('update rollcall_staging.budgets set paused_until = now()');
}

async function stop({ child, ended }: Running): Promise<Ended> {
  child.kill('SIGTERM');
  return ended;
}

/** Asks the database until it says yes. */
export async function until({ database }: Scene, sql: string, signal?: AbortSignal): Promise<void> {
  for (;;) {
    if (signal?.aborted === true) return;
    const [answer] = await database.rows<{ yes: boolean }>(sql);
    if (answer?.yes === true) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
