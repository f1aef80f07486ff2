import { copyFile, open, readFile, stat, truncate, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { giveToOwnerOf } from '../write-whole.js';

/** Bytes. A quiet server writes a few hundred per start. */
const LIMIT = 4 * 1024 * 1024;
const CHECK_MS = 60_000;
const TAIL_LINES = 8;

/** A file, not a pipe: the server outlives the process that started it, and would die when the pipe closes. */
export async function openServerLog(path: string): Promise<FileHandle> {
  const handle = await open(path, 'a', 0o600);
  await giveToOwnerOf(dirname(path), path);
  return handle;
}

/** In bytes; 0 if there is none yet. */
export async function sizeOfServerLog(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}

/** Moves a long log aside. The server appends, so its next line starts the emptied file. */
export async function capServerLog(path: string): Promise<void> {
  if ((await sizeOfServerLog(path)) <= LIMIT) return;
  await copyFile(path, `${path}.old`);
  await truncate(path);
}

/** Keeps the log short while this process lives. @returns stops it */
export function watchServerLog(path: string): () => void {
  const timer = setInterval(() => void capServerLog(path).catch(() => undefined), CHECK_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** The last lines of the server's log, for the message of an error. @param begin bytes to skip */
export async function tailOfServerLog(path: string, begin = 0): Promise<string> {
  const bytes = await readFile(path).catch(() => Buffer.alloc(0));
  return bytes.subarray(begin).toString('utf8').trimEnd().split('\n').slice(-TAIL_LINES).join('\n');
}
