const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

const TIME = String.raw`(?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)`;
/** `Sun, 06 Nov 1994 08:49:37 GMT`, and the older `Sunday, 06-Nov-94 08:49:37 GMT`. */
const WITH_ZONE = new RegExp(
  String.raw`[a-z]{3,9}, ?(?<day>\d\d?)[ -](?<month>[a-z]{3})[ -](?<year>\d{4}|\d\d) ${TIME} (?:GMT|UTC)`,
  'gi',
);
/** `Sun Nov  6 08:49:37 1994`, the form of C's `asctime`. It names no zone and means GMT. */
const ASCTIME = new RegExp(String.raw`[a-z]{3} (?<month>[a-z]{3}) {1,2}(?<day>\d\d?) ${TIME} (?<year>\d{4})`, 'gi');

/** Other forms count only if they name their zone: without one, JavaScript would read them in this machine's zone. */
const HAS_TIME_AND_ZONE = /\d\d?:\d\d:\d\d.*(GMT|UTC|Z|[+-]\d\d:?\d\d)/i;

/**
 * All dates of a header, as milliseconds since 1970: a proxy may have merged several headers into one.
 * @param now by which the century of a year of two digits is found
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7
 */
export function httpDates(text: string, now = Date.now()): number[] {
  const found = [...text.matchAll(WITH_ZONE), ...text.matchAll(ASCTIME)];
  const dates = found.length > 0 ? found.map(({ groups }) => toMs(groups ?? {}, now)) : [otherForm(text)];
  return dates.filter((ms) => !Number.isNaN(ms));
}

/** The date of a header such as `Date`; undefined if it has none. */
export const parseHttpDate = (text: string, now = Date.now()): number | undefined => httpDates(text, now)[0];

function toMs(groups: Readonly<Record<string, string>>, now: number): number {
  const { day, month = '', year = '', hour, minute, second } = groups;
  const monthIndex = MONTHS.indexOf(month.toLowerCase());
  const fullYear = year.length === 2 ? withCentury(Number(year), now) : Number(year);
  const ms = Date.UTC(fullYear, monthIndex, Number(day), Number(hour), Number(minute), Number(second));
  // A day that its month does not have, or a month that does not exist, is carried over into another one.
  const isReal = new Date(ms).getUTCMonth() === monthIndex && Number(hour) < 24 && Number(minute) < 60;
  return isReal ? ms : Number.NaN;
}

/** A year more than fifty years ahead is the latest one in the past with the same two digits. */
function withCentury(year: number, now: number): number {
  const thisYear = new Date(now).getUTCFullYear();
  const sameCentury = Math.floor(thisYear / 100) * 100 + year;
  return sameCentury > thisYear + 50 ? sameCentury - 100 : sameCentury;
}

const otherForm = (text: string): number => (HAS_TIME_AND_ZONE.test(text) ? Date.parse(text) : Number.NaN);
