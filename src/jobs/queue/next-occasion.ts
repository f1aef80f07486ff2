import { CronExpressionParser } from 'cron-parser';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** No current time zone moves its clocks by more. */
const LARGEST_SHIFT_MS = 3 * HOUR_MS;

/**
 * When a pattern is due next, strictly after an instant, by the wall clock of a zone. An hour that is skipped in spring is due
 * as soon as the clocks have moved; of an hour that comes twice in autumn only the first counts. So every night is due once. A
 * pattern of every hour is due every hour that passes.
 *
 * cron-parser alone loses a night if the clocks change at midnight, doubles it if they change by two hours, and finds none at
 * all in some zones, after which a schedule of BullMQ ends silently.
 */
export function nextOccasion(pattern: string, timeZone: string, after: Date): Date {
  const hours = pattern.trim().split(/\s+/).at(-4);
  if (hours === '*') return CronExpressionParser.parse(pattern, { tz: timeZone, currentDate: after }).next().toDate();
  const now = after.getTime();
  const isNearShift = offsetAt(timeZone, now - DAY_MS) !== offsetAt(timeZone, now + DAY_MS);
  const from = now + offsetAt(timeZone, now) - (isNearShift ? LARGEST_SHIFT_MS : 0);
  // Parsed as UTC, which never changes.
  const walls = CronExpressionParser.parse(pattern, { tz: 'UTC', currentDate: new Date(from) });
  let soonest: number | undefined;
  for (;;) {
    const wall = walls.next().getTime();
    const due = instantOf(timeZone, wall);
    if (due > now && (soonest === undefined || due < soonest)) soonest = due;
    // Around a skipped hour a later wall time may be an earlier instant.
    if (soonest !== undefined && (!isNearShift || wall - from > 2 * LARGEST_SHIFT_MS || wall > soonest + DAY_MS / 2))
      return new Date(soonest);
  }
}

/** The first instant at which a wall clock shows this time; for a skipped time, as if the clocks had not moved yet. */
function instantOf(timeZone: string, wall: number): number {
  const before = wall - offsetAt(timeZone, wall - DAY_MS);
  const after = wall - offsetAt(timeZone, wall + DAY_MS);
  const shows = (instant: number) => instant + offsetAt(timeZone, instant) === wall;
  return shows(before) || !shows(after) ? before : after;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** How far the clocks of a zone are ahead of UTC, in milliseconds. */
function offsetAt(timeZone: string, instant: number): number {
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  formats.set(timeZone, format);
  const name = format.formatToParts(instant).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours = '0', minutes = '0', seconds = '0'] = /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(name) ?? [];
  const size = Number(hours) * HOUR_MS + Number(minutes) * 60_000 + Number(seconds) * 1000;
  return sign === '-' ? -size : size;
}
