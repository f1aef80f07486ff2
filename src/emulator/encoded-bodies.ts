import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import type { Reply } from './reply.js';

const zip = promisify(gzip);

// Pages of a benchmark are asked for again and again; beyond this the oldest make room.
const MOST_BYTES = 256 * 1024 * 1024;

/** Bodies as they are sent, cached if they have a key. */
export interface EncodedBodies {
  encode(body: Reply['body'], zipped: boolean): Promise<Buffer>;
}

/** Keeps the bodies that have a key. */
export function createEncodedBodies(): EncodedBodies {
  const kept = new Map<string, Buffer>();
  let bytes = 0;
  const keep = (key: string, encoded: Buffer): void => {
    kept.set(key, encoded);
    bytes += encoded.length;
    for (const [oldest, buffer] of kept) {
      if (bytes <= MOST_BYTES) break;
      kept.delete(oldest);
      bytes -= buffer.length;
    }
  };
  return {
    async encode(body, zipped) {
      if (typeof body === 'string') return encoded(body, zipped);
      const key = `${String(zipped)} ${body.key}`;
      const found = kept.get(key);
      if (found !== undefined) return found;
      const made = await encoded(body.text(), zipped);
      // Two clients may have asked at once; only the first is counted.
      if (!kept.has(key)) keep(key, made);
      return made;
    },
  };
}

async function encoded(text: string, zipped: boolean): Promise<Buffer> {
  const plain = Buffer.from(text, 'utf8');
  return zipped ? zip(plain, { level: constants.Z_BEST_SPEED }) : plain;
}
