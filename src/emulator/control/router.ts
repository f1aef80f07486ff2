import type { Call } from '../call.js';
import type { FaultScript } from '../faults/script.js';
import { json, type Reply } from '../reply.js';
import type { RequestLog } from '../request-log.js';
import type { World } from '../world.js';
import { changeTenant } from './change-tenant.js';
import { parseFaults } from './wire-fault.js';

/** What the control surface reaches. */
export interface Controls {
  readonly world: World;
  readonly log: RequestLog;
  readonly faults: FaultScript;
}

/**
 * The emulator's own paths, below `/emulator`, for who sits in another process: the request log, the faults and the
 * tenants' data. They are neither delayed nor logged nor struck by faults.
 */
export function answerControl({ world, log, faults }: Controls, call: Call): Reply | undefined {
  const [, root, topic = '', ...rest] = call.path.split('/');
  if (root !== 'emulator') return undefined;
  const problem = (status: number, message: string): Reply => json(status, { problem: message });
  const done = json(200, {});
  switch (`${call.method} ${topic}`) {
    case 'GET requests':
      return json(200, { requests: log.records });
    case 'DELETE requests':
      log.clear();
      return done;
    case 'GET faults':
      return json(200, {
        faults: faults.entries.map(({ fault, ...counts }) => ({ ...counts, kind: fault.action.kind })),
      });
    case 'DELETE faults':
      faults.clear();
      return done;
    case 'POST faults': {
      const parsed = parseFaults(call.body);
      if ('problem' in parsed) return problem(400, parsed.problem);
      faults.add(...parsed.faults);
      return done;
    }
    default: {
      const wrong =
        topic === 'tenants' ? attempt(() => changeTenant(world.tenants, call, rest)) : 'there is no such path';
      return wrong === undefined ? done : problem(400, `${call.method} ${call.path}: ${wrong}`);
    }
  }
}

function attempt(change: () => string | undefined): string | undefined {
  try {
    return change();
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}
