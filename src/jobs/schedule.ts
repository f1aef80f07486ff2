import type { Config } from '../config.js';
import type { Schedule } from './queue.js';
import type { Task } from './task.js';

/** One schedule a task, except where it is switched off. */
export function schedulesOf(tenantId: string, tasks: readonly Task[], settings: Config['schedule']): Schedule[] {
  return tasks
    .filter((task) => settings[task.schedule] !== 'off')
    .map((task) => ({
      id: `${tenantId} ${task.name}`,
      pattern: settings[task.schedule],
      timeZone: settings.timeZone,
      data: { tenantId, task: task.name },
    }));
}
