import { readFileSync } from 'node:fs';

/** Set by scripts/bundle.mjs, because the bundle may be installed without its package.json. */
declare const BUNDLED_VERSION: string | undefined;

/** The version of package.json. */
export function rollcallVersion(): string {
  if (typeof BUNDLED_VERSION === 'string') return BUNDLED_VERSION;
  const { version }: { version: string } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  );
  return version;
}
