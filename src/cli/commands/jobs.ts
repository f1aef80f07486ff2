import { JOB_STATES, type JobState, type Queue, type QueuedJob } from '../../jobs/queue/queue.js';
import { findRun, type Database } from '../../store/index.js';
import { tenantIdOf, tenantNames } from '../lookup.js';
import type { CliContext } from '../context.js';
import { requireKnown, requireTask } from '../known-filters.js';
import { operating } from '../operating.js';
import { formatTable, formatValue, jsonLine } from '../print.js';
import { retryFailed } from '../../jobs/worker/retry-failed.js';
import { withQueueApp } from '../with-app.js';

interface JobsFlags {
  readonly state?: JobState;
  readonly task?: string;
  readonly tenant?: string;
  readonly retryFailed?: true;
  readonly json?: true;
}

export async function execute(context: CliContext, flags: JobsFlags): Promise<void> {
  requireTask(flags.task);
  await withQueueApp(context, async (app) => {
    const { queue, database } = app;
    const tenant = await tenantIdOf(database, flags.tenant);
    if (flags.retryFailed === true) await retryAll({ queue, database }, tenant, context);
    const jobs = await queue.jobs(flags.state === undefined ? JOB_STATES : [flags.state]);
    const chosen = jobs.filter(chosenBy({ ...flags, tenant }));
    await requireKnown(app, { tenantId: tenant }, chosen.length);
    const facts = await Promise.all(chosen.map((job) => factsOf(job, database)));
    context.out.write(
      flags.json === true ? facts.map(jsonLine).join('') : describe(facts, await tenantNames(database)),
    );
  });
}

/** A job that is not ours is shown too: it takes space, and shows that another program writes to this queue. */
const taskOf = ({ data }: QueuedJob) => {
  if (data === null) return 'unknown';
  return 'task' in data ? data.task : `schedule ${data.schedule}`;
};

/** Records one action per tenant, which names the runs that were reopened. */
async function retryAll(
  stores: { readonly queue: Queue; readonly database: Database },
  only: string | undefined,
  context: CliContext,
): Promise<void> {
  const failed = (await stores.queue.jobs(['failed'])).map(({ data }) => data?.tenantId ?? null);
  for (const tenantId of only === undefined ? new Set(failed) : [only]) {
    await operating(context, stores.database, { action: 'jobs --retry-failed', tenantId }, async (action) => {
      const retried = await retryFailed(stores, tenantId);
      for (const { job, again, reason } of retried) {
        context.err.write(
          `${taskOf(job)}: ${again ? 'on the queue again; a worker picks it up' : `removed: ${reason}`}\n`,
        );
      }
      const runs = retried.flatMap(({ job: { data }, again }) =>
        again && data !== null && 'runId' in data ? [data.runId] : [],
      );
      await action.done(stores.database.db, { details: { runs, cleared: retried.length - runs.length } });
    });
  }
}

const chosenBy =
  ({ task, tenant }: { readonly task?: string; readonly tenant: string | undefined }) =>
  (job: QueuedJob) =>
    (task === undefined || task === taskOf(job)) && (tenant === undefined || tenant === job.data?.tenantId);

async function factsOf(job: QueuedJob, database: Database) {
  const runId = job.data !== null && 'runId' in job.data ? job.data.runId : null;
  const run = runId === null ? undefined : await findRun(database, runId);
  return {
    id: job.id,
    state: job.state,
    task: taskOf(job),
    tenant_id: job.data?.tenantId ?? null,
    run_id: runId,
    added_at: job.addedAt,
    due_at: job.dueAt,
    attempts: job.attempts,
    error: run?.errorMessage ?? job.error,
    advice: run?.errorAdvice ?? null,
  };
}

type JobFacts = Awaited<ReturnType<typeof factsOf>>;

function describe(facts: readonly JobFacts[], nameOf: (tenantId: string) => string): string {
  if (facts.length === 0) return 'The queue is empty.\n';
  const rows = facts.map((job) => [
    job.state,
    job.task,
    job.tenant_id === null ? '' : nameOf(job.tenant_id),
    job.run_id,
    job.due_at ?? job.added_at,
  ]);
  const failed = facts
    .filter(({ state }) => state === 'failed')
    .map(
      ({ task, run_id: run, error, advice }) => `${formatValue(`${task} (run ${run}): ${error} ${advice ?? ''}`)}\n`,
    );
  const next = failed.length === 0 ? '' : 'To retry the failed ones: rollcall jobs --retry-failed\n';
  return `${formatTable(['state', 'task', 'tenant', 'run', 'since, or due'], rows)}\n${failed.join('')}${next}`;
}
