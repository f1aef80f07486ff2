import { appendFileSync } from 'node:fs';
import { MOMENTS } from './moment.js';
import type { Strike } from './strike.js';

/** What a trial found: a line of the table at the end. */
export interface Finding {
  readonly queue: string;
  readonly workers: string;
  readonly ran: string;
  readonly kills: number;
  readonly moments: Readonly<Record<string, number>>;
  /** In how many kills a run of each task was under way. */
  readonly tasks: Readonly<Record<string, number>>;
  readonly attempts: number;
  readonly compared: number;
  readonly lost: number;
  readonly surplus: number;
  readonly openRuns: number;
  readonly stuckJobs: number;
  readonly leftInStaging: number;
  readonly extraRequests: number;
  readonly seconds: number;
}

/** Something to say below the table. */
export function note(text: string): void {
  appendFileSync(process.env['ROLLCALL_KILLS_REPORT'] ?? '', `${JSON.stringify({ note: text })}\n`);
}

export function report(finding: Finding): void {
  appendFileSync(process.env['ROLLCALL_KILLS_REPORT'] ?? '', `${JSON.stringify(finding)}\n`);
}

export function tally(
  strikes: readonly Strike[],
  names: readonly string[],
): Pick<Finding, 'kills' | 'moments' | 'tasks'> {
  const count = (which: (strike: Strike) => boolean) => strikes.filter(which).length;
  return {
    kills: strikes.length,
    moments: Object.fromEntries(MOMENTS.map((moment) => [moment, count((strike) => strike.moment === moment)])),
    tasks: Object.fromEntries(names.map((name) => [name, count(({ tasks }) => tasks.includes(name))])),
  };
}
