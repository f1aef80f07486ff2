import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { toCall, type Call } from './call.js';
import { answerControl } from './control/router.js';
import { deliver, mustStayPlain, planDelivery } from './deliver.js';
import { createEncodedBodies } from './encoded-bodies.js';
import { emulatorBug, exchange, toRecord, type Exchange, type Stage } from './exchange.js';

/** Takes a request off the wire, has it answered, logs it and sends the answer. */
export function createHandler(stage: Stage, latencyMs: number) {
  const { world, log, closing } = stage;
  const bodies = createEncodedBodies();

  const answered = async (call: Call, wantsZip: boolean): Promise<Exchange & { body: Buffer; zipped: boolean }> => {
    try {
      const done = await exchange(stage, call);
      const zipped = wantsZip && done.reply.body !== '' && !mustStayPlain(done.actions);
      return { ...done, zipped, body: await bodies.encode(done.reply.body, zipped) };
    } catch (thrown) {
      if (closing.aborted) throw thrown;
      const reply = emulatorBug(thrown);
      return { reply, actions: [], body: await bodies.encode(reply.body, false), zipped: false };
    }
  };

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const at = world.clock();
    const { method = 'GET', url = '/', headers } = request;
    const call = toCall({ method, target: url, headers, body: await text(request) });
    const control = answerControl(stage, call);
    if (control !== undefined) {
      await deliver(response, planDelivery(control, await bodies.encode(control.body, false), false, []));
      return;
    }
    if (latencyMs > 0) await sleep(latencyMs, undefined, { signal: closing });
    const { reply, actions, body, zipped } = await answered(call, /\bgzip\b/.test(String(headers['accept-encoding'])));
    const dated = { ...reply, headers: { Date: new Date(world.clock()).toUTCString(), ...reply.headers } };
    const delivery = planDelivery(dated, body, zipped, actions);
    // Logged before it is sent: who has the answer finds the request in the log.
    log.add({ ...toRecord(call, { reply, actions }, at), status: delivery.status, bytes: delivery.body.length });
    await deliver(response, delivery);
  };
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
