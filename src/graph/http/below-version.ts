/** The path below the version, without a slash at its head; GRAPH_BASE_URL may have a path of its own above it. */
export const belowVersion = ({ pathname }: Pick<URL, 'pathname'>): string =>
  pathname.replace(/^.*?\/(v1\.0|beta)\//, '');
