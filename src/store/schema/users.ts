import { isNull } from 'drizzle-orm';
import { boolean, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { contract, data } from './schemas.js';
import { instant, syncColumns } from './sync-columns.js';

export const users = data.table(
  'users',
  {
    tenantId: uuid('tenant_id').notNull(),
    userId: uuid('user_id').notNull(),
    userPrincipalName: text('user_principal_name'),
    email: text('email'),
    emailAliases: text('email_aliases').array().notNull(),
    firstName: text('first_name'),
    lastName: text('last_name'),
    displayName: text('display_name'),
    activeDate: instant('active_date'),
    department: text('department'),
    location: text('location'),
    userType: text('user_type'),
    accountEnabled: boolean('account_enabled'),
    anonymized: boolean('anonymized').notNull(),
    ...syncColumns,
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.userId] })],
);

export const hrRoster = contract.view('hr_roster').as((query) =>
  query
    .select({
      tenantId: users.tenantId,
      userId: users.userId,
      userPrincipalName: users.userPrincipalName,
      email: users.email,
      emailAliases: users.emailAliases,
      firstName: users.firstName,
      lastName: users.lastName,
      displayName: users.displayName,
      activeDate: users.activeDate,
      department: users.department,
      location: users.location,
      userType: users.userType,
      accountEnabled: users.accountEnabled,
      anonymized: users.anonymized,
      firstSeenAt: users.firstSeenAt,
      changedAt: users.changedAt,
    })
    .from(users)
    .where(isNull(users.removedAt)),
);
