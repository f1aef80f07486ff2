import { answerBatch, BATCH_PATH } from './api/batch.js';
import { answerGraph } from './api/router.js';
import { header, type Call } from './call.js';
import { mustStayPlain } from './deliver.js';
import { before } from './faults/before.js';
import { edited } from './faults/edited.js';
import type { FaultAction } from './faults/fault.js';
import { instead } from './faults/instead.js';
import type { FaultScript } from './faults/script.js';
import { answerLogin } from './login/router.js';
import { bodyText, json, type Reply } from './reply.js';
import type { RequestLog, RequestRecord } from './request-log.js';
import type { World } from './world.js';

/** What answers need. */
export interface Stage {
  readonly world: World;
  readonly faults: FaultScript;
  readonly log: RequestLog;
  /** Who answers: Graph and the login, unless another. */
  readonly answerer?: (world: World, call: Call) => Promise<Reply>;
  /** Ends waits when the emulator closes. */
  readonly closing: AbortSignal;
}

/** A reply, and the faults that struck its request. */
export interface Exchange {
  readonly reply: Reply;
  readonly actions: readonly FaultAction[];
}

/** Finds the reply to a request: what a fault says, or else what Microsoft would. */
export async function exchange(stage: Stage, call: Call): Promise<Exchange> {
  const { world, faults, closing } = stage;
  const actions = faults.strike(call);
  for (const action of actions) await before(action, world, closing);
  const scripted = actions.map((action) => instead(action, world, call)).find((reply) => reply !== undefined);
  let reply = scripted ?? (await answer(stage, call));
  for (const action of actions) reply = edited(action, world, call, reply);
  return { reply, actions };
}

async function answer(stage: Stage, call: Call): Promise<Reply> {
  const { world, log, answerer } = stage;
  if (answerer !== undefined) return answerer(world, call);
  if (call.path !== BATCH_PATH || call.method !== 'POST' || call.innerOf !== undefined) {
    return (await answerLogin(world, call)) ?? (await answerGraph(world, call));
  }
  return answerBatch(world, call, async (inner) => {
    const at = world.clock();
    const done = await exchange(stage, inner);
    log.add({ ...toRecord(inner, done, at), bytes: Buffer.byteLength(bodyText(done.reply)) });
    return inBatch(done);
  });
}

/** A request in a batch has no connection of its own: if that would break, its answer is missing or cut short. */
function inBatch({ reply, actions }: Exchange): Reply | undefined {
  if (actions.some(({ kind }) => kind === 'reset')) return undefined;
  if (!mustStayPlain(actions)) return reply;
  const text = bodyText(reply);
  return { ...reply, headers: { 'Content-Type': 'text/plain' }, body: text.slice(0, Math.floor(text.length / 2)) };
}

/** A fault of the emulator itself must not look like one of Microsoft's. */
export function emulatorBug(thrown: unknown): Reply {
  const message = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  return json(500, { error: { code: 'EmulatorBug', message } });
}

/** What the log keeps of an exchange. */
export function toRecord(call: Call, { reply, actions }: Exchange, at: number): RequestRecord {
  return {
    method: call.method,
    path: call.target,
    status: reply.status,
    at,
    tenantId: reply.tenantId,
    clientRequestId: header(call, 'client-request-id'),
    bytes: 0,
    units: reply.units ?? 0,
    innerOf: call.innerOf,
    faults: actions.map(({ kind }) => kind),
  };
}
