import { hash } from 'node:crypto';

/**
 * 128 bits of SHA-256, as hexadecimal text that a uuid column takes. Two rows with the same content have the same
 * hash; that two with different content do is less likely than a fault of the disk.
 */
export function rowHash(text: string): string {
  return hash('sha256', text, 'hex').slice(0, 32);
}
