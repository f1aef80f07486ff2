import { countHeld, nameHeld, type Database, type Run } from '../store/index.js';
import { formatCount, formatValue } from './print.js';
import { describeSkipped } from './skipped-parents.js';
import { tasks } from '../jobs/registry.js';

/** What an operator should know about a run, and which command to run. */
export interface Advice {
  /** A line each. */
  readonly says: readonly string[];
  readonly commands: readonly Command[];
}

interface Command {
  readonly when: string;
  readonly command: string;
}

const FIRST_NAMES = 10;

/** What to do about a run that no process works on now; undefined if it is all right. */
export async function adviceOn(database: Database, run: Run): Promise<Advice | undefined> {
  switch (run.outcome) {
    case 'complete':
      return undefined;
    case 'running':
      return waitingOrInterrupted(run);
    case 'partial':
      return adviceOnPartial(run);
    case 'held':
      return adviceOnHeld(database, run);
    case 'cancelled':
      return {
        says: [
          `${run.errorMessage ?? 'Cancelled'}. The rows are those of the run before, and its schedule starts the next.`,
        ],
        commands: [{ when: 'To resume it where it stopped', command: `rollcall replay ${run.id}` }],
      };
    case 'failed':
      return {
        says: [`${run.errorMessage ?? 'No reason was recorded'}. ${run.errorAdvice ?? ''}`.trimEnd()],
        commands: [{ when: 'Then', command: `rollcall replay ${run.id}` }],
      };
    default:
      return run.outcome satisfies never;
  }
}

/** Indented below a heading, a command a line. */
export function formatAdvice({ says, commands }: Advice): string {
  const width = Math.max(0, ...commands.map(({ when }) => when.length));
  const lines = commands.map(({ when, command }) => `${`${when}:`.padEnd(width + 1)}  ${command}`);
  return [...says.map(formatValue), ...lines].map((line) => `  ${line}\n`).join('');
}

/** The same in one line, for programs. */
export const adviceText = ({ says, commands }: Advice): string =>
  [...says, ...commands.map(({ when, command }) => `${when}: ${command}`)].join(' ');

function waitingOrInterrupted({ waitingUntil, waitingFor, task }: Run): Advice {
  if (waitingUntil !== null && Date.parse(waitingUntil) > Date.now()) {
    const until = new Date(waitingUntil).toISOString();
    return { says: [`${waitingFor ?? 'Graph asked for a long wait'}: a worker resumes at ${until}.`], commands: [] };
  }
  return {
    says: ['Interrupted.'],
    commands: [{ when: 'It resumes where it stopped', command: `rollcall sync ${task}` }],
  };
}

/** Every reason why a run is partial. */
function adviceOnPartial(run: Run): Advice {
  const { id, quarantined, skipped } = run;
  const items = `${formatCount(quarantined)} items could not be understood and keep their old rows.`;
  return {
    says: [...(quarantined > 0 ? [items] : []), ...describeSkipped(run), ...run.doubts],
    commands: [
      ...(quarantined > 0 ? [{ when: 'To see which, and why', command: `rollcall quarantine --run ${id}` }] : []),
      ...(skipped > 0 ? [{ when: 'To see what could not be read', command: `rollcall runs ${id}` }] : []),
    ],
  };
}

async function adviceOnHeld(database: Database, run: Run): Promise<Advice | undefined> {
  const held = await countHeld(database, run.id);
  const unread = [...describeSkipped(run), ...run.doubts];
  // Decided by an operator; the run's note says how.
  if (held === 0) return unread.length === 0 ? undefined : { says: unread, commands: [] };
  const tables = tasks.find(({ name }) => name === run.task)?.collections.map(({ table }) => table) ?? [];
  const names = await nameHeld(database, run.id, { tables, limit: FIRST_NAMES });
  const more = held > names.length ? ` and ${formatCount(held - names.length)} more` : '';
  const nobodyLeft = run.unchanged + run.added + run.changed === 0;
  const why = nobodyLeft
    ? 'No row would be left: check INCLUDE_GUESTS, INCLUDE_AGENTS and DOMAIN_NAMES, the tenant, and the permissions'
    : 'That is more than REMOVAL_GUARD_PERCENT allows';
  return {
    says: [
      `${formatCount(held)} rows would have been removed; they are still there: ${names.join(', ')}${more}. ${why}.`,
      ...unread,
    ],
    commands: [
      { when: 'If they should be removed', command: `rollcall release ${run.id}` },
      { when: 'If not', command: `rollcall discard ${run.id}` },
    ],
  };
}
