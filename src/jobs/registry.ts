import { RollcallError } from '../errors.js';
import { applicationDiscovery } from './application-discovery/index.js';
import { hrRoster } from './hr-roster/index.js';
import { ssoAccess } from './sso-access/index.js';
import { ssoRoster } from './sso-roster/index.js';
import type { Task } from './task.js';

/** Queue, schedule, command line, status and documentation follow from this list. */
export const tasks: readonly Task[] = [hrRoster, applicationDiscovery, ssoRoster, ssoAccess];

/** @throws RollcallError `command_invalid` */
export function taskNamed(name: string): Task {
  const found = tasks.find((task) => task.name === name);
  if (found !== undefined) return found;
  const known = tasks.map((task) => task.name).join(', ');
  throw new RollcallError('command_invalid', `There is no task named ${JSON.stringify(name)}`, `Use one of: ${known}.`);
}
