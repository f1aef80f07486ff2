/** What some tests need and a machine may lack. */
export interface Part {
  readonly isThere: boolean;
  /** Completes "NO …". */
  readonly what: string;
  /** If this is set, as in `.ci/run`, a machine that lacks the part is an error. */
  readonly requiredBy: string;
  readonly howToGetIt: string;
}

/**
 * Whether this machine has what some tests need; says loudly, in one line, if those are skipped.
 * @throws Error if it must have it
 */
export function hasPart({ isThere, what, requiredBy, howToGetIt }: Part): boolean {
  if (isThere) return true;
  const message = `NO ${what}: the tests that need it are SKIPPED. ${howToGetIt}`;
  if (process.env[requiredBy]) throw new Error(`${message} (${requiredBy} is set)`);
  process.stderr.write(`\n*** ${message} ***\n\n`);
  return false;
}

/** Files are made as another user, and servers run as one. */
export const isRoot = (): boolean =>
  hasPart({
    isThere: process.getuid?.() === 0,
    what: 'ROOT',
    requiredBy: 'REQUIRE_ROOT',
    howToGetIt: 'Run the suite as root, in a container.',
  });

/** Microsoft's samples and schemas, which are no part of this repository. */
export const hasGraphReference = (isThere: boolean): boolean =>
  hasPart({
    isThere,
    what: "COPY OF MICROSOFT'S SAMPLES AND SCHEMAS",
    requiredBy: 'REQUIRE_GRAPH_REFERENCE',
    howToGetIt: 'They belong into ../shared/graph.',
  });
