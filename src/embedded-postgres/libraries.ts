import { existsSync } from 'node:fs';
import { mkdir, readFile, symlink } from 'node:fs/promises';
import { basename, delimiter, dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { systemCode } from '../errors.js';
import type { PlatformPackage } from './platform-package.js';

const Links = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * npm packages cannot contain symbolic links, so the package creates those of its libraries in a postinstall script, which
 * `npm ci --ignore-scripts` skips. Creates the missing ones, in `cache` if the package is read-only.
 * @returns the variables that the server needs to find them
 */
export async function linkLibraries(
  { directory }: PlatformPackage,
  cache: string,
): Promise<Readonly<Record<string, string>>> {
  const list = join(directory, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return {};
  const links = Links.parse(JSON.parse(await readFile(list, 'utf8'))).map(({ source, target }) => ({
    source: join(directory, source),
    target: join(directory, target),
  }));
  const missing = links.filter(({ target }) => !existsSync(target));
  if (missing.length === 0) return {};
  try {
    for (const { source, target } of missing) await link(relative(dirname(target), source), target);
    return {};
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS'].includes(systemCode(error) ?? '')) throw error;
  }
  await mkdir(cache, { recursive: true });
  for (const { source, target } of links) await link(source, join(cache, basename(target)));
  const path = [cache, join(directory, 'native', 'lib')].join(delimiter);
  return process.platform === 'darwin' ? { DYLD_LIBRARY_PATH: path } : { LD_LIBRARY_PATH: path };
}

async function link(source: string, target: string): Promise<void> {
  try {
    await symlink(source, target);
  } catch (error) {
    // Another process may be making the same links.
    if (systemCode(error) !== 'EEXIST') throw error;
  }
}
