import { rolesIn, type GraphClient, type GraphReader } from '../../graph/index.js';
import type { Logger } from '../../log.js';
import { openStaging, resetStaging, type AccessLog, type Database, type Owner } from '../../store/index.js';
import type { Filters, RunSettings, Task } from '../task.js';
import { addCost, newProgress, toProgress, type Progress } from './progress.js';
import { readCollection } from './read-collection.js';

export interface RunContext {
  readonly database: Database;
  readonly graph: GraphClient;
  readonly filters: Filters;
  readonly settings: RunSettings;
  readonly accessLog: AccessLog;
  readonly log: Logger;
  /** Aborted when the process is told to stop: the run keeps its checkpoint for the next attempt. */
  readonly signal: AbortSignal;
}

/** One attempt at a run, or a dry run. */
export interface Attempt<Of extends Owner = Owner> {
  readonly task: Task;
  readonly owner: Of;
  readonly context: RunContext;
  readonly progress: Progress;
  /** Counts what it costs in `progress`, and records every exchange. */
  readonly reader: GraphReader;
}

/** Resumes from the run's checkpoint and the staging that goes with it, or starts at the beginning. */
export async function resume<Of extends Owner>(task: Task, owner: Of, context: RunContext): Promise<Attempt<Of>> {
  const { graph, accessLog, log, signal } = context;
  const progress = await openProgress(task, owner, context.database);
  const reader = graph.reader({
    log,
    signal,
    permissions: task.permissions,
    onCost: (cost) => addCost(progress, cost),
    onExchange: accessLog.for(graph.account, { task: task.name, runId: owner.id }),
  });
  return { task, owner, context, progress, reader };
}

async function openProgress(task: Task, owner: Owner, database: Database): Promise<Progress> {
  const parts = [...task.collections, ...(task.stream === undefined ? [] : [task.stream])];
  const tables = parts.map(({ table }) => table);
  const state = await openStaging(database, owner, tables);
  const saved = state === undefined ? undefined : toProgress(state);
  if (state !== undefined && saved === undefined) await resetStaging(database, owner, { tables, checkpoint: {} });
  return saved ?? newProgress();
}

export async function readCollections(
  { task, owner, context, progress, reader: graph }: Attempt,
  full: boolean,
): Promise<void> {
  /** Those of the token at this moment. */
  const roles = async () => rolesIn(await context.graph.tokenFacts());
  for (const collection of task.collections) {
    await readCollection({ ...context, graph, roles, owner, collection, progress, full });
  }
}
