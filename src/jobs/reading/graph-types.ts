import { hash } from 'node:crypto';
import { z } from 'zod';

// JavaScript's white space and Unicode's: NEL (U+0085) is in one of them only. Postgres cannot store NUL, so it counts as none.
const isEdge = (character: string): boolean => /[\s\u0085]/.test(character);
const SHOWS_NOTHING = /^[\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}]*$/u;

/** A text without white space at its ends and without NUL; null if it shows nothing after that. */
export function trimmed(text: string): string | null {
  const clean = text.replaceAll('\0', '');
  let [start, end] = [0, clean.length];
  while (start < end && isEdge(clean.charAt(start))) start += 1;
  while (end > start && isEdge(clean.charAt(end - 1))) end -= 1;
  const inner = clean.slice(start, end);
  return SHOWS_NOTHING.test(inner) ? null : inner;
}

/** Text as Rollcall keeps it: trimmed, and null if it is blank, null or absent. */
export const graphText = z
  .string()
  .nullish()
  .transform((text) => (typeof text === 'string' ? trimmed(text) : null));

/** Texts that are not blank, trimmed; none if the list is null or absent. */
export const graphTexts = z
  .array(graphText)
  .nullish()
  .transform((texts) => (texts ?? []).filter((text) => text !== null));

/** Trims what a schema then judges: a blank text is an empty one to it. */
const trimming = z.string().transform((text) => trimmed(text) ?? '');

/** An object id, in lower case. Graph's zero GUID is one too. */
export const graphId = trimming.pipe(z.guid()).transform((id) => id.toLowerCase());

/** An id that may be missing: null if it is blank, null or absent. */
export const graphOptionalId = graphText.pipe(z.guid().nullable()).transform((id) => id?.toLowerCase() ?? null);

/** An id that is no GUID. A key of Postgres takes no more than a third of a page; Graph's have 43 characters. */
export const graphKey = trimming.pipe(z.string().min(1).max(255));

// The first moments of .NET's calendar and of Windows': what both keep where there is no date. Any moment of these years.
const NO_DATE = /^(0001|1601)-/;

/**
 * A DateTimeOffset in UTC with at most six fractional digits, which is what Postgres keeps, cut rather than rounded: the
 * last moment of a year must not become the next year. Null if it is blank, or if its year means that there is no date.
 * @see https://learn.microsoft.com/graph/api/resources/signinactivity for the year 1 and empty texts
 * @see https://learn.microsoft.com/windows/win32/api/minwinbase/ns-minwinbase-filetime for the year 1601
 */
export const graphInstant = trimming
  .pipe(z.union([z.iso.datetime({ offset: true }), z.literal('')]))
  .transform((value) => (value === '' || NO_DATE.test(value) ? null : toUtc(value)))
  // An offset moves the first moment of a year into the year before, or the last of the year before into it.
  .transform((value) => (value !== null && NO_DATE.test(value) ? null : value))
  // Year 0 does not exist in Postgres, and an offset can lead out of year 9999.
  .refine((value) => value === null || /^(?!0000)\d{4}-\d{2}-\d{2}T/.test(value), {
    error: 'expected a year from 1 to 9999',
  });

function toUtc(value: string): string {
  const [, whole = '', fraction = '', zone = ''] = /^(.{19})(?:\.(\d+))?(.+)$/.exec(value) ?? [];
  const seconds = zone === 'Z' ? whole : new Date(whole + zone).toISOString().slice(0, 19);
  const digits = fraction.slice(0, 6).replace(/0+$/, '');
  return `${seconds}${digits === '' ? '' : `.${digits}`}Z`;
}

/** Whether a user principal name is concealed (32 hexadecimal digits) or redacted: it stands for a person whom it does not name. */
const isConcealed = (name: string): boolean => /^[0-9a-f]{32}$/i.test(name) || /\{PII Removed\}/i.test(name);

/** A longer text would not fit into a key of Postgres. */
const LONGEST_PSEUDONYM = 255;

/** What tells one concealed person from another: lower case, because the case of a hash or an address says nothing. */
function pseudonymOf(name: string): string {
  const pseudonym = name.toLowerCase();
  return pseudonym.length <= LONGEST_PSEUDONYM ? pseudonym : hash('sha256', pseudonym, 'hex');
}

/**
 * A user principal name, trimmed, whether it is concealed, and what it is as a pseudonym; null if it is blank, null or absent.
 * @see https://learn.microsoft.com/microsoft-365/admin/activity-reports/activity-reports
 */
export const graphUserName = graphText.transform((name) =>
  name === null ? null : { name, isConcealed: isConcealed(name), pseudonym: pseudonymOf(name) },
);

/** Whether Graph says of an item that it is gone. @see https://learn.microsoft.com/graph/delta-query-overview */
export const isRemoved = (item: unknown): boolean =>
  typeof item === 'object' &&
  item !== null &&
  '@removed' in item &&
  typeof item['@removed'] === 'object' &&
  item['@removed'] !== null;
