import { formatTable } from '../../src/cli/print.js';
import type { Line } from './play.js';

/** What was played and what came of it, for people. */
export function printTable(lines: readonly Line[], ms: number): void {
  const head = ['fault', 'where', 'what happened', 'rows lost', 'requests beyond'];
  const rows = lines.map(({ fault, where, happened, lost, extra, problems }) => [
    fault,
    where,
    problems.length === 0 ? happened : `NOT AS IT MUST BE: ${happened}`,
    lost,
    extra > 0 ? `+${extra}` : String(extra),
  ]);
  const bad = lines.filter(({ problems }) => problems.length > 0).length;
  const lost = lines.reduce((total, line) => total + line.lost, 0);
  const summary = `${lines.length} faults in ${Math.round(ms / 1000)} s: ${lost} rows lost, ${bad} not as they must be.`;
  process.stdout.write(`\n${formatTable(head, rows)}${summary}\n`);
}
