import { readFile } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { RollcallError, systemCode } from '../errors.js';

const VARIABLE = /^env:([A-Za-z_][A-Za-z0-9_]*)$/;

/** `env:NAME`, or `file:` with an absolute path, also one of Windows. */
export const SECRET_REF = /^(env:[A-Za-z_][A-Za-z0-9_]*|file:(\/|[A-Za-z]:[\\/]).+)$/;

export const SECRET_REF_HELP =
  'where the secret is, never the secret itself: env:NAME, an environment variable of the worker, or file:/run/secrets/name';

/** The path of a `file:` reference; undefined for any other. */
export function pathOf(ref: string): string | undefined {
  const path = ref.startsWith('file:') ? ref.slice('file:'.length) : '';
  return isAbsolute(path) ? path : undefined;
}

/**
 * Fetches the secret that a reference points at, each time again: a rotated secret is seen.
 * @throws RollcallError `secret_missing`, with the reference and without what it holds
 */
export type SecretReader = (ref: string) => Promise<string>;

export function createSecretReader(environment: Readonly<Record<string, string | undefined>>): SecretReader {
  return async (ref) => {
    const variable = VARIABLE.exec(ref)?.[1];
    const secret = variable === undefined ? await readSecretFile(ref) : environment[variable];
    if (secret !== undefined && secret.trim() !== '') return secret;
    throw missing(ref, variable === undefined ? 'the file is empty' : `${variable} is not set`);
  };
}

/** Without the line break that editors and `echo` put at the end of a file. */
async function readSecretFile(ref: string): Promise<string> {
  const path = pathOf(ref);
  // Whatever it is, it may be the secret itself: it is not repeated.
  if (path === undefined) throw missing('that was given', `expected ${SECRET_REF_HELP}`);
  try {
    return (await readFile(path, 'utf8')).replace(/\r?\n$/, '');
  } catch (cause) {
    throw missing(ref, systemCode(cause) ?? 'it cannot be read', cause);
  }
}

const missing = (ref: string, why: string, cause?: unknown) =>
  new RollcallError(
    'secret_missing',
    `There is no secret at ${ref}: ${why}`,
    'Set it where this process runs, or correct the reference: rollcall tenants update <name> --secret-ref …',
    { cause },
  );
