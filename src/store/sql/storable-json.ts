/** A value as text that a jsonb column takes: it takes neither NUL nor half of a surrogate pair. */
export const storableJson = (value: unknown, replacer?: (name: string, value: unknown) => unknown): string =>
  JSON.stringify(value, replacer).replace(/\\u(0000|d[89a-f][0-9a-f]{2})/gi, '\\ufffd');
