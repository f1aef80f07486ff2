import { CronExpressionParser } from 'cron-parser';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** No zone of today moves its clocks by more. */
const LARGEST_SHIFT_MS = 3 * HOUR_MS;

/**
 * When a pattern is due next, strictly after an instant: what a clock on the wall of that zone shows. An hour that a zone leaves
 * out in spring is made up for by the time that it is then; one that comes twice in autumn counts the first time. So every
 * night comes once. A pattern of every hour is due each hour that passes, twice in an hour that comes twice.
 *
 * cron-parser alone loses a night if the change is at midnight, doubles it if the change is of two hours, and in some zones
 * finds none at all, after which a schedule of BullMQ would end without a word.
 */
export function nextOccasion(pattern: string, timeZone: string, after: Date): Date {
  const hours = pattern.trim().split(/\s+/).at(-4);
  if (hours === '*') return CronExpressionParser.parse(pattern, { tz: timeZone, currentDate: after }).next().toDate();
  const now = after.getTime();
  const isNearShift = offsetAt(timeZone, now - DAY_MS) !== offsetAt(timeZone, now + DAY_MS);
  const from = now + offsetAt(timeZone, now) - (isNearShift ? LARGEST_SHIFT_MS : 0);
  // Read as if the wall were in UTC, which has no changes.
  const walls = CronExpressionParser.parse(pattern, { tz: 'UTC', currentDate: new Date(from) });
  let soonest: number | undefined;
  for (;;) {
    const wall = walls.next().getTime();
    const due = instantOf(timeZone, wall);
    if (due > now && (soonest === undefined || due < soonest)) soonest = due;
    // In an hour that was left out later walls may be earlier instants.
    if (soonest !== undefined && (!isNearShift || wall - from > 2 * LARGEST_SHIFT_MS || wall > soonest + DAY_MS / 2))
      return new Date(soonest);
  }
}

/** The instant at which a wall shows this time; of two the first; of none, as if the clocks had not been moved yet. */
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
