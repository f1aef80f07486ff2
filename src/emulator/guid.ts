import { createHash } from 'node:crypto';

/** A GUID that is the same for the same words, on every machine and in every run. */
export function guid(...words: readonly (string | number)[]): string {
  return toGuid(createHash('sha256').update(words.join('\u0000')).digest('hex'));
}

/** GUIDs one after the other, for ids of requests. */
export function createGuids(name: string): () => string {
  const prefix = guid(name).slice(0, 24);
  let count = 0;
  return () => {
    count += 1;
    return prefix + count.toString(16).padStart(12, '0');
  };
}

function toGuid(hex: string): string {
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}
