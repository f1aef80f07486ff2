import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { writeWhole } from '../write-whole.js';
import { failure } from './failure.js';
import type { Layout } from './layout.js';

/** Passwords. `superuser` administers the server and never leaves this folder; `rollcall` is the product's. */
export type Credentials = z.infer<typeof Credentials>;
const Credentials = z.object({ superuser: z.string().min(1), rollcall: z.string().min(1) });

/**
 * Reads the passwords, or makes them if there is no cluster yet. They are written before the cluster, so that no cluster exists
 * without its passwords, even if the process is killed.
 */
export async function obtainCredentials(layout: Layout): Promise<Credentials> {
  const text = await readFile(layout.credentials, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return undefined;
  });
  if (text !== undefined) return parse(text, layout);
  if (existsSync(layout.data)) throw lost(layout, 'is missing');
  const credentials = { superuser: password(), rollcall: password() };
  await writeWhole(layout.credentials, JSON.stringify(credentials), 0o600);
  return credentials;
}

function parse(text: string, layout: Layout): Credentials {
  try {
    return Credentials.parse(JSON.parse(text));
  } catch {
    // No cause: a parser quotes what it cannot parse.
    throw lost(layout, 'is damaged');
  }
}

function lost(layout: Layout, what: string) {
  return failure(
    `${layout.credentials} ${what}; without it nobody can enter the embedded Postgres`,
    `Restore the file from a backup, or remove ${layout.root} to start with an empty database.`,
  );
}

/** 32 characters that need no escaping in a URL. */
function password(): string {
  return randomBytes(24).toString('base64url');
}
