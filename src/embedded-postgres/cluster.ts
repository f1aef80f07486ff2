import { existsSync } from 'node:fs';
import { chown, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChildProcess } from 'node:child_process';
import { text } from 'node:stream/consumers';
import type { Credentials } from './credentials.js';
import { failure, USE_ANOTHER } from './failure.js';
import type { Launcher } from './launcher.js';
import type { Layout } from './layout.js';
import type { PlatformPackage } from './platform-package.js';

/** The role that administers the server; the product's own role, `rollcall`, has only the rights it needs. */
export const SUPERUSER = 'postgres';
const DRAFT = 'initdb-';

const INITDB = [
  `--username=${SUPERUSER}`,
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  // Sorts the same on every machine and after every upgrade of its ICU or libc.
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--set=timezone=UTC',
  '--set=log_timezone=UTC',
  '--set=shared_buffers=128MB',
  '--no-instructions',
];

/** A container may run as a user id without a name. */
const NAMELESS = /could not look up effective user ID/;
const GIVE_A_NAME = 'Run Rollcall as a user that /etc/passwd knows (initdb asks for the name)';

/**
 * Creates the cluster if there is none, in a temporary folder that is renamed when it is complete, so that the remains of a
 * killed initdb are never mistaken for a cluster.
 * @throws RollcallError `embedded_postgres_failed` if initdb fails, or the cluster is of another major version
 */
export async function ensureCluster(
  layout: Layout,
  { majorVersion }: PlatformPackage,
  launcher: Launcher,
  credentials: Credentials,
): Promise<'created' | 'existed'> {
  if (existsSync(layout.data)) {
    await requireVersion(layout, majorVersion);
    return 'existed';
  }
  await removeDrafts(layout);
  const draft = join(layout.root, `${DRAFT}${process.pid}`);
  await mkdir(draft, { mode: 0o700 });
  const passwordFile = join(draft, 'password');
  await writeFile(passwordFile, credentials.superuser, { mode: 0o600 });
  if (launcher.user) {
    for (const path of [passwordFile, draft]) await chown(path, launcher.user.uid, launcher.user.gid);
  }
  const data = join(draft, 'data');
  const initdb = await launcher.launch(
    'initdb',
    [...INITDB, `--pwfile=${passwordFile}`, `--pgdata=${data}`],
    ['ignore', 'pipe', 'pipe'],
  );
  const [said, ended] = await Promise.all([output(initdb), ending(initdb)]);
  if (ended !== undefined) {
    await removeDrafts(layout);
    throw failure(
      `initdb could not create the embedded Postgres in ${layout.root} (${ended}): ${said}`,
      `${NAMELESS.test(said) ? GIVE_A_NAME : 'Mend what it complains about and try again'}, ${USE_ANOTHER}.`,
    );
  }
  await rename(data, layout.data);
  await removeDrafts(layout);
  return 'created';
}

async function requireVersion({ data, root }: Layout, expected: string): Promise<void> {
  const found = await readFile(join(data, 'PG_VERSION'), 'utf8').catch(() => undefined);
  if (found === undefined) {
    throw failure(
      `${data} is no Postgres cluster: it has no PG_VERSION`,
      `Restore it from a backup, or remove ${root} to start with an empty database.`,
    );
  }
  if (found.trim() === expected) return;
  throw failure(
    `${data} was written by Postgres ${found.trim()}; this version of Rollcall brings Postgres ${expected}`,
    `Run the version of Rollcall that wrote it and move the data with pg_dump, or remove ${root} and synchronize again, ${USE_ANOTHER}.`,
  );
}

/** Removes the remains of killed processes. An orphaned initdb may still write there; the next start tries again. */
async function removeDrafts({ root, lock }: Layout): Promise<void> {
  for (const name of await readdir(root)) {
    if (!name.startsWith(DRAFT) && !join(root, name).startsWith(`${lock}.`)) continue;
    await rm(join(root, name), { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  }
}

async function output(child: ChildProcess): Promise<string> {
  const streams = [child.stdout, child.stderr].filter((stream) => stream !== null);
  return (await Promise.all(streams.map((stream) => text(stream)))).join('').trim().split('\n').slice(-8).join('\n');
}

/** How a program failed; undefined if it succeeded. */
export function ending(child: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(code === 0 ? undefined : `ended with ${signal ?? `code ${code}`}`));
  });
}
