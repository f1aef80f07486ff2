import { tasks } from '../../src/jobs/registry.js';
import type { TestDatabase } from '../support/servers/database.js';

/** How work gets on the queue. */
export type Asking = 'sync' | 'schedule';

interface LandedRun {
  readonly task: string;
  readonly started: string;
  readonly ended: string;
}

/** What a database knows of the runs since the tenant was changed. */
export interface Round {
  readonly since: string;
  /** How many tasks a run was asked for. */
  tasksAsked(): Promise<number>;
  /** Whether everything that the tenant now is has been read. */
  isLanded(): Promise<boolean>;
}

export async function beginRound(database: TestDatabase, asking: Asking): Promise<Round> {
  const [clock] = await database.rows<{ now: string }>('select clock_timestamp()::text as now');
  const since = clock?.now ?? '';
  return {
    since,
    async tasksAsked() {
      return (await database.rows('select distinct task from rollcall.runs where started_at > $1', [since])).length;
    },
    async isLanded() {
      const runs = await database.rows<LandedRun>(
        `select task, started_at::text as started, ended_at::text as ended from rollcall.runs
         where started_at > $1 and outcome = 'complete' order by ended_at`,
        [since],
      );
      const landed = (name: string) => runs.filter(({ task }) => task === name);
      // With a schedule, a run may build on one that began before the change: only the next is sure to have all of it.
      const isFresh = (run: LandedRun, dependsOn: readonly string[]) =>
        asking === 'sync' || dependsOn.every((need) => landed(need).some(({ ended }) => ended < run.started));
      return tasks.every(({ name, dependsOn }) => landed(name).some((run) => isFresh(run, dependsOn)));
    },
  };
}
