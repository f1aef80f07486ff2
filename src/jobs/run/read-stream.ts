import { RetryLater, RollcallError } from '../../errors.js';
import type { GraphReader } from '../../graph/index.js';
import {
  emptyStaging,
  findCursor,
  findTenantFacts,
  keepOpen,
  moveCursor,
  quarantineStaged,
  resetStaging,
  type Database,
  type OnDifferences,
  type Owner,
  type Run,
} from '../../store/index.js';
import type { Filters, Stream, StreamCounts, Window } from '../task.js';
import { beginning, progressOf, streamBeginning, type Progress, type StreamProgress } from './progress.js';
import { MOST_RESTARTS } from './read-collection.js';
import { stageChunks } from './stage-chunks.js';

export interface ReadStream {
  readonly database: Database;
  readonly graph: GraphReader;
  readonly run: Run;
  readonly stream: Stream;
  readonly filters: Filters;
  readonly progress: Progress;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Sign-ins appear up to six hours late: https://learn.microsoft.com/entra/identity/monitoring-health/reference-log-latency */
const OVERLAP = 6 * HOUR;
/** What Graph keeps with a P1 or P2 license, and without: https://learn.microsoft.com/entra/identity/monitoring-health/reference-reports-data-retention */
const KEPT_WITH_LICENSE = 30 * DAY;
const KEPT_WITHOUT = 7 * DAY;

const FIRST_SPAN = DAY;
const LONGEST_SPAN = 4 * DAY;
const SHORTEST_SPAN = 5 * MINUTE;
/** The next window is longer if this one took no longer. */
const QUICK = 10_000;

/**
 * Reads a stream from the newest known event, less an overlap, up to now. Each window lands by itself, together with its cursor
 * and checkpoint. A killed run resumes in the window where it was.
 */
export async function readStream(options: ReadStream): Promise<void> {
  const { progress } = options;
  progress.stream ??= await firstWindow(options);
  while (progress.stream.from < progress.stream.end) await readWindow(options, progress.stream);
}

type StreamRun = Pick<Run, 'tenantId' | 'task' | 'full'>;

async function firstWindow({
  database,
  run,
  stream,
}: Pick<ReadStream, 'database' | 'stream'> & { readonly run: StreamRun }): Promise<StreamProgress> {
  const { tenantId, task } = run;
  const end = Date.now();
  const cursor = run.full ? undefined : await findCursor(database.db, { tenantId, task, resource: stream.resource });
  const archived = (await findTenantFacts(database, tenantId))?.archivedBefore ?? null;
  const position = cursor?.position ?? null;
  const newest = position === null ? end - KEPT_WITH_LICENSE : Date.parse(position) - OVERLAP;
  // Archived sign-ins are never counted again.
  const from = Math.max(newest, archived === null ? 0 : Date.parse(archived), end - KEPT_WITH_LICENSE);
  return streamBeginning({ from: iso(from), end: iso(end), spanMs: FIRST_SPAN });
}

async function readWindow(options: ReadStream, state: StreamProgress): Promise<void> {
  const { database, graph, run: owner, stream, filters, progress } = options;
  const window = windowOf(state);
  const collected = progressOf(progress, stream.resource);
  const started = performance.now();
  try {
    const read = stream.read(graph, window, collected.next);
    if (!collected.done) await stageChunks(read, { database, owner, collection: stream, filters, progress }, collected);
  } catch (error) {
    if (!(await prepareAgain(error, options, state))) throw error;
    return;
  }
  if (performance.now() - started < QUICK) state.spanMs = Math.min(LONGEST_SPAN, state.spanMs * 2);
  await landWindow(options, state, window);
}

const windowOf = ({ from, spanMs, end }: StreamProgress): Window => ({
  from,
  to: iso(Math.min(Date.parse(from) + spanMs, Date.parse(end))),
});

/**
 * Prepares another try of a window that has not landed: shorter if Graph cannot answer a long one, from a later day if Graph
 * does not keep as much, and from the first page if a page token has expired.
 * @returns false if there is nothing left to try
 */
async function prepareAgain(
  error: unknown,
  { database, run, stream, progress }: ReadStream,
  state: StreamProgress,
): Promise<boolean> {
  const code = error instanceof RollcallError ? error.code : undefined;
  if (error instanceof RetryLater) state.spanMs = Math.max(SHORTEST_SPAN, state.spanMs / 2);
  const { pages, items, next, restarts } = progressOf(progress, stream.resource);
  const earliest = Date.parse(state.end) - KEPT_WITHOUT;
  let lost = 0;
  if (code === 'graph_unreachable' && state.spanMs > SHORTEST_SPAN)
    state.spanMs = Math.max(SHORTEST_SPAN, state.spanMs / 2);
  // Graph refuses a whole window, never its second page.
  else if (code === 'graph_bad_request' && next === undefined && Date.parse(state.from) < earliest)
    state.from = iso(earliest);
  else if (code === 'graph_page_expired' && restarts < MOST_RESTARTS) lost = 1;
  else return false;
  const again = { ...beginning(), ...state.landed, pages, items, restarts: restarts + lost };
  progress.collections[stream.resource] = again;
  await resetStaging(database, run, { tables: [stream.table], checkpoint: progress });
  return true;
}

async function landWindow(
  { database, run, stream, progress }: ReadStream,
  state: StreamProgress,
  { to }: Window,
): Promise<void> {
  const { id: runId, tenantId, task } = run;
  const { resource, table } = stream;
  await database.transaction(async ({ db }) => {
    await keepOpen(db, run);
    await quarantineStaged(db, table, { tenantId, task, resource, runId, clear: 'met' });
    const counts = await stream.merge(db, table, run);
    state.added += counts.added;
    state.changed += counts.changed;
    state.unchanged += counts.unchanged;
    state.from = to;
    const collected = progressOf(progress, resource);
    collected.done = false;
    collected.restarts = 0;
    const { filteredBy, quarantined, unidentified } = collected;
    state.landed = { filteredBy, quarantined, unidentified };
    await moveCursor(db, { tenantId, task, resource, scope: { filters: null }, position: to, fullReadAt: null, runId });
    await emptyStaging(db, run, table, progress);
  });
}

class EndOfDryRun extends Error {}

/** Lands everything up to now as one window, counts, and rolls back. */
export async function dryRunStream(
  options: Omit<ReadStream, 'run'> & { readonly owner: Owner; readonly full: boolean },
  onDifferences?: OnDifferences,
): Promise<StreamCounts> {
  const { database, graph, owner, stream, filters, progress, full } = options;
  const { from, end } = await firstWindow({ database, stream, run: { ...owner, full } });
  const read = stream.read(graph, { from, to: end }, undefined);
  await stageChunks(
    read,
    { database, owner, collection: stream, filters, progress },
    progressOf(progress, stream.resource),
  );
  let counts: StreamCounts = { added: 0, changed: 0, unchanged: 0 };
  const landing = database.transaction(async ({ db }) => {
    counts = await stream.merge(db, stream.table, owner);
    if (onDifferences !== undefined) await stream.eachDifference(db, { table: stream.table, owner }, onDifferences);
    throw new EndOfDryRun();
  });
  await landing.catch((error: unknown) => {
    if (!(error instanceof EndOfDryRun)) throw error;
  });
  return counts;
}

const iso = (ms: number) => new Date(ms).toISOString();
