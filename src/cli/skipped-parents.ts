import type { Run } from '../store/index.js';
import { formatCount, formatDuration, formatValue } from './print.js';

type Skipping = Pick<Run, 'skipped' | 'skippedParents'>;
type SkippedParent = Run['skippedParents'][number];

const FIRST_NAMES = 20;

/** What could not be read and why, a line each; empty if everything could. @param limit how many are named */
export function describeSkipped({ skipped, skippedParents }: Skipping, limit = FIRST_NAMES): string[] {
  if (skipped === 0) return [];
  const named = skippedParents.slice(0, limit);
  const more = skipped - named.length;
  return [
    `${skipped === 1 ? '1 application or group' : `${formatCount(skipped)} applications and groups`} could not be read; ${skipped === 1 ? 'its' : 'their'} rows stay.`,
    ...named.map(lineOf),
    ...(more > 0 ? [`and ${formatCount(more)} more.`] : []),
    ...adviceOf(skippedParents),
  ];
}

function lineOf({ kind, id, name, reason, since, runs }: SkippedParent): string {
  const called = name === null ? id : `${formatValue(name)} (${id})`;
  const seen = runs === 1 ? '' : `, in ${runs} runs in a row, for ${formatDuration(Date.now() - Date.parse(since))}`;
  return `${kind} ${called}: ${REASONS[reason]}${seen}.`;
}

const REASONS: Readonly<Record<SkippedParent['reason'], string>> = {
  not_found: 'Graph does not find it (404 or 410)',
  forbidden: 'Graph forbids it (403)',
  hidden_membership: 'its membership is hidden, and the application lacks Member.Read.Hidden',
  incomplete: 'Graph counts more than it listed',
};

const ADVICE: Readonly<Record<SkippedParent['reason'], string>> = {
  not_found: 'If one is not found in three runs in a row and is gone from the directory, its rows are removed.',
  forbidden: 'The permissions suffice for the others: see what Graph says with rollcall access-log --failed.',
  hidden_membership: 'To read hidden members, grant the application permission Member.Read.Hidden.',
  incomplete: 'What was listed is in. The next run reads it again; if that does not help, report it to Microsoft.',
};

const adviceOf = (parents: readonly SkippedParent[]): string[] =>
  [...new Set(parents.map(({ reason }) => reason))].map((reason) => ADVICE[reason]);
