/** A server that names a moment in years means something else. */
const LONGEST = 24 * 60 * 60 * 1000;

/**
 * How long a response asks us to wait, in milliseconds; undefined where it does not say. Reads every form seen in the
 * wild: whole and fractional seconds, an HTTP date (measured against the server's own clock where it tells it), and a
 * list such as `30,120`, which is two headers merged by a proxy: the longer wait satisfies both.
 * @see https://learn.microsoft.com/graph/throttling#sample-response
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function retryAfterMs(headers: Readonly<Record<string, string>>, now = Date.now()): number | undefined {
  const value = headers['retry-after']?.trim();
  if (!value) return undefined;
  const seconds = value.split(',').map((part) => (/^\s*\d+(\.\d+)?\s*$/.test(part) ? Number(part) : Number.NaN));
  const longest = Math.max(...seconds.filter((number) => !Number.isNaN(number)));
  if (Number.isFinite(longest)) return Math.min(LONGEST, Math.ceil(longest * 1000));
  // A date has names in it; without them, JavaScript would take `-5` for a month.
  const date = /[a-z]{3}/i.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(date)) return undefined;
  const serverNow = Date.parse(headers['date'] ?? '');
  return Math.min(LONGEST, Math.max(0, date - (Number.isNaN(serverNow) ? now : serverNow)));
}
