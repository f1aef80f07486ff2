import { sql, type SQL, type SQLWrapper } from 'drizzle-orm';
import { bigint, boolean, index, integer, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { contract, data } from './schemas.js';
import { instant } from './sync-columns.js';

const ZERO = sql.raw("'00000000-0000-0000-0000-000000000000'");

/** An id as analysts see it: null where the sign-in has none. */
export const shownId = (column: SQLWrapper): SQL => sql`nullif(${column}, ${ZERO})`;

/** Who signed in to what, by the id or, if that is concealed, by the pseudonym. Ids that a sign-in lacks are the zero GUID here, so that they can be part of a key. */
const pair = () => ({
  tenantId: uuid('tenant_id').notNull(),
  userId: uuid('user_id').notNull(),
  applicationId: uuid('application_id').notNull(),
  anonymized: boolean('anonymized').notNull(),
  /** Of an anonymized sign-in, the name that stands in place of a person's, in lower case; empty if there is none. */
  pseudonym: text('pseudonym').notNull().default(''),
});

/** Sign-in events, a partition a day; days beyond the retention are dropped. */
export const signInEvents = data.table(
  'sign_in_events',
  {
    ...pair(),
    eventId: text('event_id').notNull(),
    createdAt: instant('created_at').notNull(),
    userPrincipalName: text('user_principal_name'),
    applicationName: text('application_name'),
    errorCode: integer('error_code'),
    /** Whether the error code means a step on the way of a sign-in rather than its failure. */
    interrupted: boolean('interrupted').notNull().default(false),
    location: text('location'),
    rowHash: uuid('row_hash').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.eventId, table.createdAt] }),
    index('sign_in_events_by_pair').on(table.tenantId, table.applicationId, table.userId),
  ],
);

const totals = () => ({
  ...pair(),
  loginCount: bigint('login_count', { mode: 'number' }).notNull(),
  interruptedCount: bigint('interrupted_count', { mode: 'number' }).notNull().default(0),
  failedCount: bigint('failed_count', { mode: 'number' }).notNull(),
  lastLogin: instant('last_login'),
  loginLocation: text('login_location'),
  /** The latest sign-in, of whatever outcome, and how it spells the names. */
  lastSignIn: instant('last_sign_in').notNull(),
  userPrincipalName: text('user_principal_name'),
  applicationName: text('application_name'),
});

/** What the events of a user in an application add up to, dropped ones included. Kept for ever. */
export const signInTotals = data.table(
  'sign_in_totals',
  {
    ...totals(),
    /** Whether the user may use the application, as the grants have it. */
    assigned: boolean('assigned').notNull().default(false),
  },
  (table) => [
    primaryKey({
      name: 'sign_in_totals_pk',
      columns: [table.tenantId, table.applicationId, table.userId, table.anonymized, table.pseudonym],
    }),
    // As the view shows the ids, so that who asks by them finds these.
    index('sign_in_totals_by_application').on(table.tenantId, shownId(table.applicationId)),
    index('sign_in_totals_by_user').on(table.tenantId, shownId(table.userId)),
    index('sign_in_totals_by_last_login').on(table.lastLogin),
    index('sign_in_totals_anonymized')
      .on(table.tenantId)
      .where(sql`anonymized`),
  ],
);

/** The part of the totals whose events are dropped: it can change no more. */
export const signInArchive = data.table('sign_in_archive', totals(), (table) => [
  primaryKey({
    name: 'sign_in_archive_pk',
    columns: [table.tenantId, table.applicationId, table.userId, table.anonymized, table.pseudonym],
  }),
]);

/** What is known of a tenant beyond its objects. */
export const tenantFacts = data.table('tenant_facts', {
  tenantId: uuid('tenant_id').primaryKey(),
  /** Whether Microsoft 365 conceals names in its usage reports; null where we may not know. */
  concealedNames: boolean('concealed_names'),
  /** When the client secret of the application expires; null where that is not to be seen, or there is none. */
  secretExpiresAt: instant('secret_expires_at'),
  /** Events before this instant are counted in the archive and are never read again. */
  archivedBefore: instant('archived_before'),
  /** Why nobody could log in to it, and since when; null while somebody can. */
  loginFailedAt: instant('login_failed_at'),
  loginErrorCode: text('login_error_code'),
  loginError: text('login_error'),
  loginAdvice: text('login_advice'),
});

export const ssoAccess = contract
  .view('sso_access', {
    tenantId: uuid('tenant_id'),
    userId: uuid('user_id'),
    userPrincipalName: text('user_principal_name'),
    email: text('email'),
    applicationId: uuid('application_id'),
    applicationName: text('application_name'),
    lastLogin: instant('last_login'),
    loginLocation: text('login_location'),
    loginCount: bigint('login_count', { mode: 'number' }),
    interruptedCount: bigint('interrupted_count', { mode: 'number' }),
    failedCount: bigint('failed_count', { mode: 'number' }),
    anonymized: boolean('anonymized'),
  })
  .as(
    sql`select t.tenant_id, ${shownId(sql`t.user_id`)} as user_id, t.user_principal_name, u.email,
       ${shownId(sql`t.application_id`)} as application_id, coalesce(a.application_name, t.application_name) as application_name,
       t.last_login, t.login_location, t.login_count, t.interrupted_count, t.failed_count, t.anonymized
from rollcall_data.sign_in_totals t
left join rollcall_data.users u
  on u.tenant_id = t.tenant_id and u.user_id = t.user_id and u.removed_at is null and not t.anonymized
left join rollcall.discovered_applications a on a.tenant_id = t.tenant_id and a.application_id = t.application_id
where t.login_count > 0 and (t.anonymized or u.user_id is not null)`,
  );
