import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** A running server describes itself in this file, and leaves it behind when it is killed. */
export interface PostmasterFile {
  readonly pid: number;
  /** Missing while the file is being written. */
  readonly port: number | undefined;
  /** It listens and has recovered. */
  readonly ready: boolean;
}

/** @see https://www.postgresql.org/docs/18/storage-file-layout.html postmaster.pid; its lines are in miscadmin.h */
export async function readPostmasterFile(data: string): Promise<PostmasterFile | undefined> {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n');
  const [pid, , , port] = lines.map(Number);
  if (pid === undefined || !Number.isInteger(pid) || pid <= 0) return undefined;
  return {
    pid,
    port: port !== undefined && Number.isInteger(port) && port > 0 ? port : undefined,
    ready: lines[7]?.trim() === 'ready',
  };
}

/** A server refuses to start while this file names a living process, even another program. */
export async function removePostmasterFile(data: string, { pid }: PostmasterFile): Promise<void> {
  // A server that is just starting may have replaced it.
  if ((await readPostmasterFile(data))?.pid === pid) await rm(join(data, 'postmaster.pid'), { force: true });
}
