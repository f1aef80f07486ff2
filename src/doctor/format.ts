export const formatMs = (ms: number): string => `${Math.round(ms).toLocaleString('en-US')} ms`;

export const formatBytes = (bytes: number): string => `${bytes.toLocaleString('en-US')} bytes`;

/** `a`, `a and b`, `a, b and c`. */
export const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
