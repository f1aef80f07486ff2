import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { writeWhole } from '../write-whole.js';

/**
 * Below the range of outgoing connections (32768 and up on Linux, 49152 elsewhere): one of those could hold the port when the
 * server starts again.
 */
const FIRST = 20_000;
const LAST = 32_767;
const TRIES = 50;

/** The last port of the server if it is free, otherwise another free one. */
export async function choosePort(file: string): Promise<number> {
  const remembered = Number(await readFile(file, 'utf8').catch(() => ''));
  if (Number.isInteger(remembered) && remembered > 0 && (await isFree(remembered))) return remembered;
  for (let tries = 0; tries < TRIES; tries++) {
    const port = randomInt(FIRST, LAST + 1);
    if (await isFree(port)) return port;
  }
  // Any port that the system chooses.
  return (await listen(0)) ?? 0;
}

/** Saves the port for the next start. */
export async function rememberPort(file: string, port: number): Promise<void> {
  if ((await readFile(file, 'utf8').catch(() => '')) !== String(port)) await writeWhole(file, String(port), 0o644);
}

/** Whether a server could listen there now. */
export async function isFree(port: number): Promise<boolean> {
  return (await listen(port)) !== undefined;
}

function listen(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => {
      const address: AddressInfo | string | null = server.address();
      const bound = typeof address === 'object' && address !== null ? address.port : port;
      server.close(() => resolve(bound));
    });
  });
}
