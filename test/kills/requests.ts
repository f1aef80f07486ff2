import type { Emulator } from '../../src/emulator/index.js';
import type { TestDatabase } from '../support/servers/database.js';
import type { Undisturbed } from './undisturbed.js';

/** Requests to Graph as they come over the wire; what is inside a batch came with it. */
export const requestsTo = ({ requests }: Emulator): number =>
  requests.filter(({ path, innerOf }) => path.startsWith('/v1.0/') && innerOf === undefined).length;

/** How many requests the runs of a database would have taken, had nobody disturbed them. */
export async function undisturbedRequests(
  database: Pick<TestDatabase, 'rows'>,
  rounds: readonly string[],
  undisturbed: Undisturbed,
): Promise<number> {
  const runs = await database.rows<{ task: string; round: number }>(
    `select task, (select count(*)::int - 1 from unnest($1::timestamptz[]) began where began <= started_at) as round
     from rollcall.runs order by started_at`,
    [rounds],
  );
  const usual = (await undisturbed.after(1)).requests;
  const seen = new Set<string>();
  let total = 0;
  for (const { task, round } of runs) {
    const took = (await undisturbed.after(round)).requests.get(task) ?? 0;
    // Only the first run of all reads thirty days of sign-ins.
    total += seen.has(task) ? Math.min(took, usual.get(task) ?? took) : took;
    seen.add(task);
  }
  return total;
}
