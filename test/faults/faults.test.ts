import { embedded } from '../support/servers/database.js';
import { families } from './all.js';
import type { FaultCase } from './fault-case.js';
import { createOwnStage } from './own-stage.js';
import { play, type Line } from './play.js';
import { startAll } from './pool.js';
import { createStage, type Stage } from './stage.js';
import { printTable } from './table.js';

// `npm test` plays six kinds of fault; `npm run faults [text]` plays all, or all that have the text in their names.
const wanted = process.env['ROLLCALL_FAULTS'];
const isWanted = ({ fault, where, short }: FaultCase, family: string) =>
  wanted === undefined ? short === true : `${family}: ${fault}, ${where}`.includes(wanted);
const chosen = Object.entries(families)
  .map(([family, faults]) => ({ family, faults: faults.filter((fault) => isWanted(fault, family)) }))
  .filter(({ faults }) => faults.length > 0);
const all = chosen.flatMap(({ faults }) => faults);
/** They share a server that one of them kills: one at a time. */
const alone = all.filter(({ server }) => server === 'own');
const together = all.filter((fault) => !alone.includes(fault));

const LONGEST = 10 * 60_000;
const begun = performance.now();
const lines: Line[] = [];
const stages: Stage[] = [];
const results = new Map<FaultCase, Promise<Line>>();

/** What could not be played to its end is a line of the table as well. */
const asLine =
  ({ fault, where }: FaultCase) =>
  (thrown: unknown): Line => ({
    fault,
    where,
    happened: 'it could not be played',
    lost: 0,
    extra: 0,
    problems: [String(thrown)],
  });

async function playAll(faults: readonly FaultCase[], create: () => Promise<Stage>, atOnce: number): Promise<void> {
  if (faults.length === 0) return;
  const stage = await create();
  stages.push(stage);
  const playing = startAll(
    faults.map((fault) => () => play(stage, fault).catch(asLine(fault))),
    atOnce,
  );
  for (const [index, fault] of faults.entries()) results.set(fault, playing[index]!);
}

beforeAll(async () => {
  await playAll(together, () => createStage(embedded()), 2);
  await playAll(alone, createOwnStage, 1);
}, LONGEST);

afterAll(async () => {
  await Promise.allSettled(results.values());
  for (const stage of stages) await stage.close();
  if (wanted !== undefined) printTable(lines, performance.now() - begun);
}, LONGEST);

describe.each(chosen)('$family', ({ faults }) => {
  test.each(faults)(
    '$fault, $where: nothing is lost',
    async (fault) => {
      const line = await results.get(fault)!;
      lines.push(line);
      expect(line.problems).toEqual([]);
      expect(line.lost).toBe(0);
    },
    LONGEST,
  );
});
