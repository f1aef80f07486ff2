import type { ServerResponse } from 'node:http';
import { setInterval } from 'node:timers/promises';
import type { FaultAction } from './faults/fault.js';
import type { Reply } from './reply.js';

/** How a reply will go over the wire: whole, or as a fault has it. */
export interface Delivery {
  /** 0: the connection ends before one is sent. */
  readonly status: number;
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  readonly ending: 'end' | 'reset' | 'never';
}

/** Decides what is sent, before any of it is. */
export function planDelivery(
  { status, headers: plain }: Reply,
  body: Buffer,
  zipped: boolean,
  actions: readonly FaultAction[],
): Delivery {
  const headers = zipped ? { ...plain, 'Content-Encoding': 'gzip' } : plain;
  const sized = (size: number) => ({ ...headers, 'Content-Length': String(size) });
  const half = body.subarray(0, Math.floor(body.length / 2));
  const reset = actions.find((action) => action.kind === 'reset');
  if (reset !== undefined) {
    if (reset.midBody !== true) return { status: 0, headers: {}, body: Buffer.alloc(0), ending: 'reset' };
    return { status, headers: sized(body.length), body: half, ending: 'reset' };
  }
  if (actions.some(({ kind }) => kind === 'endless')) return { status, headers, body: half, ending: 'never' };
  const sent = actions.some(({ kind }) => kind === 'truncate') ? half : body;
  return { status, headers: sized(sent.length), body: sent, ending: 'end' };
}

/** Bodies that are cut must still be readable as text up to the cut. */
export function mustStayPlain(actions: readonly FaultAction[]): boolean {
  return actions.some(({ kind }) => kind === 'truncate' || kind === 'endless');
}

/** Sends it. */
export async function deliver(response: ServerResponse, { status, headers, body, ending }: Delivery): Promise<void> {
  if (status !== 0) response.writeHead(status, headers);
  if (ending === 'end') {
    response.end(body);
    return;
  }
  if (status !== 0) await written(response, body);
  if (ending === 'never') await goOn(response);
  response.destroy();
}

const PAUSE_MS = 20;

async function goOn(response: ServerResponse): Promise<void> {
  // Blanks are allowed between the tokens of JSON: a reader without a bound of its own never notices.
  for await (const _ of setInterval(PAUSE_MS)) {
    if (response.destroyed) return;
    response.write(' ');
  }
}

function written(response: ServerResponse, chunk: Buffer): Promise<void> {
  return new Promise((resolve) => {
    response.write(chunk, () => resolve());
  });
}
