import type { TenantData } from '../../src/emulator/index.js';
import { startTestEmulator } from '../support/servers/emulator.js';
import { createTestDatabase } from '../support/servers/database.js';
import { requireKeptInStep } from '../support/kept-in-step.js';
import { settingsFor, start, type Running } from '../support/rollcall.js';
import { explainRuns, judgeRows, judgeRuns, type LatestRun } from './judge.js';
import type { FaultCase, Scene } from './fault-case.js';
import { asked, SETTINGS, type Stage } from './stage.js';
import { change, earlierTenant, PAGE, tenantNow } from './tenant.js';

/** A line of the table. */
export interface Line {
  readonly fault: string;
  readonly where: string;
  readonly happened: string;
  readonly lost: number;
  readonly extra: number;
  /** Everything that is not as it must be. */
  readonly problems: readonly string[];
}

/** No run of this tenant takes so long unless it hangs. */
const LIMIT_MS = 150_000;

/** Plays a fault in a world of its own, then the same tasks once more without it: in the end nothing may be missing. */
export async function play(stage: Stage, fault: FaultCase): Promise<Line> {
  const undisturbed = fault.start === 'empty' ? stage.empty : stage.changed;
  const tellsChanges = fault.start === 'changes';
  const tenant = tellsChanges ? earlierTenant(stage.now) : tenantNow(stage.now);
  const template = tellsChanges ? undefined : undisturbed.template;
  const database = await createTestDatabase(stage.server, template === undefined ? {} : { template });
  const emulator = await startTestEmulator({ tenants: [tenant], largestPage: PAGE });
  const settings = await settingsFor(emulator, tenant);
  const releases: (() => Promise<void>)[] = [() => database.drop(), () => emulator.close(), () => settings.remove()];
  const environment = { ...settings.environment, ...SETTINGS, DATABASE_URL: database.url };
  const scene: Scene = {
    emulator,
    database,
    environment,
    start: (args, more) => within(start(args, { ...environment, ...fault.settings, ...more })),
    sync: (more) => scene.start(['sync', ...(fault.tasks ?? [])], more).ended,
    crash: () => stage.crash(),
    onEnd: (release) => releases.push(release),
  };
  try {
    const boundary = tellsChanges ? await readBefore(scene, tenant, stage) : stage.boundary;
    emulator.faults.add(...(fault.strikes?.() ?? []));
    const ended = await (fault.story ?? (() => scene.sync()))(scene);
    const requests = countRequests(scene);
    const runs = await latestRuns(scene, boundary);
    const untouched = emulator.faults.entries.filter(({ struck }) => struck === 0);
    const problems = [
      ...untouched.map((entry) => `never struck: ${String(entry.fault.path)}`),
      ...judgeRuns(fault, runs, ended),
      ...((await fault.also?.(scene)) ?? []),
    ];
    const rows = await judgeRows(fault, runs, { database, undisturbed, boundary });
    problems.push(...rows.problems, ...(await contradictions(scene)));
    const extra = requests - undisturbed.requests;
    if (fault.extra !== undefined && extra !== fault.extra)
      problems.push(`${extra} requests beyond the undisturbed run, not ${fault.extra}`);
    let { lost } = rows;
    let happened = explainRuns(fault, runs);
    if (happened !== 'complete' || fault.tasks !== undefined) {
      emulator.faults.clear();
      // Without the fault's settings: they may be the fault.
      const { code, err } = await within(start(['sync'], environment)).ended;
      if (code !== 0) problems.push(`the run after it ended with ${code}: ${err}`);
      const healing = await judgeRows({ ...fault, fails: {}, partial: {} }, await latestRuns(scene, boundary), {
        database,
        undisturbed,
        boundary,
        isHealed: true,
      });
      problems.push(...healing.problems.map((problem) => `after the next run: ${problem}`));
      lost = Math.max(lost, healing.lost);
      if (happened !== 'complete') happened += '; the next run mends it';
    }
    return { fault: fault.fault, where: fault.where, happened, lost, extra, problems };
  } finally {
    // What goes wrong here must not hide what went wrong before.
    for (let release = releases.pop(); release !== undefined; release = releases.pop()) await release().catch(() => {});
  }
}

/** What the changes are told against. @returns when it had ended */
async function readBefore(scene: Scene, tenant: TenantData, { now }: Stage): Promise<number> {
  const { code, err } = await scene.sync();
  if (code !== 0) throw new Error(`the run before the fault ended with ${code}: ${err}`);
  const boundary = Date.now();
  change(tenant, now);
  scene.emulator.clearRequests();
  return boundary;
}

const contradictions = ({ database }: Scene): Promise<string[]> =>
  requireKeptInStep(database.pool).then(
    () => [],
    (error: unknown) => [String(error)],
  );

/** What a client gave up waiting for is not in the log yet. */
function countRequests({ emulator }: Scene): number {
  const { faults } = emulator;
  const requests = asked(emulator);
  const delayed = faults.entries.filter(({ fault }) => fault.action.kind === 'delay');
  const logged = requests.filter((request) => request.faults.includes('delay')).length;
  return requests.length + delayed.reduce((total, { struck }) => total + struck, 0) - logged;
}

function within(program: Running): Running {
  const { child } = program;
  const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
  const ended = program.ended.then((end) => {
    clearTimeout(timer);
    return end.signal === 'SIGKILL' ? { ...end, err: `${end.err}\nIt hung, and was killed.` } : end;
  });
  return { ...program, ended };
}

async function latestRuns({ database }: Scene, boundary: number): Promise<LatestRun[]> {
  return database.rows<LatestRun>(
    `select distinct on (task) task, outcome, error_code, error_message, error_advice, skipped, note, throttled_ms::int
     from rollcall_data.runs where started_at > to_timestamp($1 / 1000.0) order by task, started_at desc`,
    [boundary],
  );
}
