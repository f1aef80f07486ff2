import { LONGEST_PAUSE_MS } from '../../budget-store.js';
import { httpDates, parseHttpDate } from './http-date.js';

const SECONDS = /^\s*\d+(\.\d+)?\s*$/;

/**
 * How long a response asks us to wait, in milliseconds: finite, and a day at most. Undefined if it does not say. Reads every
 * form seen in the wild: whole and fractional seconds, an HTTP date (measured against the server's own clock if it tells
 * it), and a list such as `30,120`, which is two headers merged by a proxy: the longer wait satisfies both.
 * @param headers names in lower case
 * @see https://learn.microsoft.com/graph/throttling#sample-response
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function retryAfterMs(headers: Readonly<Record<string, string>>, now = Date.now()): number | undefined {
  const value = headers['retry-after'] ?? '';
  const seconds = value.split(',').filter((part) => SECONDS.test(part));
  const serverNow = parseHttpDate(headers['date'] ?? '', now) ?? now;
  const waits = [
    ...seconds.map((part) => Math.ceil(Number(part) * 1000)),
    ...httpDates(value, now).map((date) => Math.max(0, date - serverNow)),
  ].filter(Number.isFinite);
  return waits.length === 0 ? undefined : Math.min(LONGEST_PAUSE_MS, Math.max(...waits));
}
