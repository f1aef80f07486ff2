import { MultiBar } from 'cli-progress';
import type { RunProgress } from '../jobs/worker/sync.js';
import { visibleInLine } from '../visible.js';
import type { CliContext, TextWriter } from './context.js';

/** Shows how far runs are, on standard error: live on a terminal, a line now and then elsewhere. */
export interface ProgressDisplay {
  update(progress: readonly RunProgress[]): void;
  stop(): void;
}

const LINE_EVERY_MS = 10_000;

export function createProgressDisplay({ err, screen }: Pick<CliContext, 'err' | 'screen'>): ProgressDisplay {
  return screen.isTTY ? liveDisplay(screen) : lineDisplay(err);
}

function liveDisplay(stream: NodeJS.WriteStream): ProgressDisplay {
  const bars = new MultiBar({
    stream,
    format: '{task} {state} {pages} pages, {items} items, {duration_formatted}',
    hideCursor: true,
  });
  const byRun = new Map<string, ReturnType<MultiBar['create']>>();
  return {
    update(progress) {
      for (const { run, pages, items } of progress) {
        const payload = {
          task: visibleInLine(run.task).padEnd(22),
          state: stateOf({ run, pages, items }).padEnd(10),
          pages,
          items,
        };
        const bar = byRun.get(run.id) ?? bars.create(0, 0, payload);
        byRun.set(run.id, bar);
        bar.update(items, payload);
      }
    },
    stop: () => bars.stop(),
  };
}

function lineDisplay(err: TextWriter): ProgressDisplay {
  let nextLine = Date.now() + LINE_EVERY_MS;
  return {
    update(progress) {
      if (Date.now() < nextLine) return;
      nextLine = Date.now() + LINE_EVERY_MS;
      for (const each of progress) {
        err.write(`${each.run.task}: ${stateOf(each)}, ${each.pages} pages, ${each.items} items\n`);
      }
    },
    stop() {},
  };
}

function stateOf({ run }: RunProgress): string {
  if (run.outcome !== 'running') return run.outcome;
  return run.waitingUntil === null ? 'reading' : `waiting until ${new Date(run.waitingUntil).toISOString()}`;
}
