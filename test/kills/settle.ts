import { setTimeout as sleep } from 'node:timers/promises';
import type { Crew } from './crew.js';
import { jobsIn, openRuns, stagingLeft } from './left-over.js';
import type { Scene } from './scene.js';

export interface LeftOver {
  readonly jobs: Readonly<Record<string, number>>;
  readonly openRuns: readonly string[];
  readonly staging: readonly string[];
  /** Runs that did not end well. Kills are nothing that a run may fail for. */
  readonly unwell: readonly unknown[];
  /** Runs of one task that were under way at once. */
  readonly overlapping: readonly unknown[];
  /** Workers that did not stop within ten seconds, or not with code 0. */
  readonly badStops: readonly unknown[];
}

export interface Settling extends Pick<Scene, 'queue' | 'crew'> {
  readonly database: Pick<Scene['database'], 'pool' | 'rows'>;
}

/** Far beyond what a queue needs to notice that a worker has died. What is stuck stays longer. */
const SETTLE_MS = 90_000;
const STOP_MS = 10_000;

export const NOTHING_LEFT: LeftOver = {
  jobs: {},
  openRuns: [],
  staging: [],
  unwell: [],
  overlapping: [],
  badStops: [],
};

/** Stops the crew, lets one calm worker without schedules empty the queue, and says what it could not. */
export async function settle({ database, queue, ...scene }: Settling, crew: Crew): Promise<LeftOver> {
  const stops = [...(await crew.stop())];
  const calm = scene.crew(1, 'off');
  const deadline = performance.now() + SETTLE_MS;
  calm.complete();
  let jobs = await queue.counts();
  while (performance.now() < deadline) {
    jobs = await queue.counts();
    if (jobsIn(jobs) === 0 && (await openRuns(database.pool)).length === 0) break;
    calm.complete();
    await sleep(200);
  }
  stops.push(...(await calm.stop()));
  return {
    jobs: Object.fromEntries(Object.entries(jobs).filter(([, count]) => count > 0)),
    openRuns: await openRuns(database.pool),
    staging: await stagingLeft(database.pool),
    // The tenant changes between two rounds: a run may ask for the access of an application that is gone, and is partial by right.
    unwell: await database.rows(
      `select * from rollcall.runs where outcome not in ('complete', 'running')
         and not (outcome = 'partial' and quarantined = 0 and skipped_parents @> '[{"reason": "not_found"}]')`,
    ),
    overlapping: await database.rows(`
      select a.task from rollcall.runs a join rollcall.runs b on a.tenant_id = b.tenant_id and a.task = b.task and a.id < b.id
        and tstzrange(a.started_at, a.ended_at) && tstzrange(b.started_at, b.ended_at)`),
    badStops: stops.filter(({ code, ms }) => code !== 0 || ms > STOP_MS),
  };
}
