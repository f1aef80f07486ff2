import { tasks } from '../../src/jobs/registry.js';
import type { Emulator } from '../../src/emulator/index.js';
import { jobsIn } from './left-over.js';
import { tally, type Finding } from './report.js';
import { requestsTo, undisturbedRequests } from './requests.js';
import type { LeftOver, Settling } from './settle.js';
import type { Trial } from './trial.js';
import type { Undisturbed } from './undisturbed.js';

export interface Tried extends Pick<Finding, 'queue' | 'workers'> {
  readonly asking: string;
  readonly emulator: Emulator;
  readonly database: Settling['database'];
  readonly undisturbed: Undisturbed;
  readonly trial: Trial;
  readonly left: LeftOver;
  /** When the trial began, as `performance.now()`. */
  readonly began: number;
}

/** Puts together what a trial has found. */
export async function findingOf(tried: Tried): Promise<Finding> {
  const { queue, workers, asking, emulator, database, undisturbed, trial, left, began } = tried;
  const names = tasks.map(({ name }) => name);
  const [runs] = await database.rows<{ count: number; attempts: number }>(
    'select count(*)::int as count, sum(attempt)::int as attempts from rollcall_data.runs',
  );
  return {
    queue,
    workers,
    ran: `${asking}, ${trial.rounds.length} rounds, ${runs?.count} runs`,
    ...tally(trial.strikes, names),
    attempts: runs?.attempts ?? 0,
    compared: trial.compared,
    lost: trial.lost.length,
    surplus: trial.surplus.length,
    openRuns: left.openRuns.length,
    stuckJobs: jobsIn(left.jobs),
    leftInStaging: left.staging.length,
    extraRequests: requestsTo(emulator) - (await undisturbedRequests(database, trial.rounds, undisturbed)),
    seconds: Math.round((performance.now() - began) / 1000),
  };
}

/** Some of each is enough to see what went wrong. */
export const differences = ({ lost, surplus }: Trial) => ({ lost: lost.slice(0, 5), surplus: surplus.slice(0, 5) });
export const NO_DIFFERENCES = { lost: [], surplus: [] };
