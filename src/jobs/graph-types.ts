import { z } from 'zod';

/** An object id, in lower case. Graph's zero GUID is one too. */
export const graphId = z.guid().transform((id) => id.toLowerCase());

/** An id that is no GUID. A key of Postgres takes no more than a third of a page; Graph's have 43 characters. */
export const graphKey = z.string().min(1).max(255);

// .NET's way to say "no date"; Graph sends it where a date was never set.
const NO_DATE = '0001-01-01';

/**
 * A DateTimeOffset in UTC with at most six fractional digits, which is what Postgres keeps, cut rather than rounded: the
 * last moment of a year must not become the next year. Graph's two ways to say "none" become null.
 * @see https://learn.microsoft.com/graph/api/resources/signinactivity
 */
export const graphInstant = z
  .union([z.iso.datetime({ offset: true }), z.literal('')])
  .transform((value) => (value === '' || value.startsWith(NO_DATE) ? null : toUtc(value)))
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

/**
 * A user principal name, and whether it names nobody: concealed (32 hexadecimal digits) or redacted.
 * @see https://learn.microsoft.com/microsoft-365/admin/activity-reports/activity-reports
 */
export const graphUserName = z.string().transform((name) => ({
  name,
  isConcealed: /^[0-9a-f]{32}$/i.test(name) || name.includes('{PII Removed}'),
}));
