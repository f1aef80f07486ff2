import { randomUUID } from 'node:crypto';
import {
  diff,
  dropStaging,
  merge,
  mergeSignIns,
  openStaging,
  signInEvents,
  stagedText,
  stagePage,
  syncTable,
  type Cells,
  type Database,
  type Owner,
  type Session,
  type Staged,
  type SyncTable,
} from '../../../src/store/index.js';
import type { TestDatabase } from '../servers/database.js';
import { until } from '../until.js';

/** What a run has read of one table. */
export type Pages = readonly (readonly [table: SyncTable, items: readonly Staged[]])[];

export const newOwner = (overrides: Partial<Owner> = {}): Owner => ({
  id: randomUUID(),
  attempt: 1,
  tenantId: randomUUID(),
  task: 'sso-roster',
  ...overrides,
});

/** A GUID made of one number, the same in every tenant. */
export const idOf = (number: number): string => `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;

export const rowsOf = (rows: readonly Cells[]): Staged[] => rows.map((row) => ({ kind: 'row', row }));

export const application = (number: number, special: Cells = {}): Cells => ({
  appInstanceId: idOf(number),
  applicationId: idOf(number),
  applicationName: null,
  servicePrincipalType: 'Application',
  assignmentRequired: null,
  ownerTenantId: null,
  verifiedPublisher: null,
  ssoMode: null,
  exposesScopes: false,
  accountEnabled: true,
  ...special,
});

/** Stages what a run has read, as its checkpoint says. */
export async function stage(database: Database, owner: Owner, pages: Pages): Promise<void> {
  await openStaging(
    database,
    owner,
    pages.map(([table]) => table),
  );
  for (const [table, items] of pages)
    await stagePage(database, owner, { table, text: stagedText(table, items, 0), checkpoint: {} });
}

/** Lands complete reads in one transaction, with what follows from them. */
export async function landPages(
  database: Database,
  owner: Owner,
  pages: Pages,
  refreshDerived?: (db: Session['db'], owner: Owner) => Promise<void>,
): Promise<void> {
  await stage(database, owner, pages);
  const { id: runId, tenantId, task } = owner;
  await database.transaction(async ({ db }) => {
    for (const [table] of pages) {
      const difference = await diff(db, table, { owner, sweep: true, delta: false });
      const options = { tenantId, runId, task, resource: table.name, held: false, firstLoad: true, delta: false };
      await merge(db, table, { ...options, difference });
    }
    await refreshDerived?.(db, owner);
    await dropStaging(db, owner, { only: runId });
  });
}

/** Lands sign-ins of one window. */
export async function landSignIns(database: Database, owner: Owner, items: readonly Staged[]): Promise<SignInCounts> {
  await stage(database, owner, [[SIGN_INS, items]]);
  return database.transaction(async ({ db }) => {
    const counts = await mergeSignIns(db, SIGN_INS, owner);
    await dropStaging(db, owner, { only: owner.id });
    return counts;
  });
}

const SIGN_INS = syncTable(signInEvents);
type SignInCounts = Awaited<ReturnType<typeof mergeSignIns>>;

/** A login of a person in an application, both by number. */
export const signIn = (eventId: string, createdAt: string, special: Cells = {}): Cells => ({
  eventId,
  createdAt,
  userId: idOf(51),
  applicationId: idOf(1),
  anonymized: false,
  pseudonym: '',
  userPrincipalName: eventId,
  applicationName: eventId,
  errorCode: 0,
  interrupted: false,
  location: eventId,
  ...special,
});

/** Does work that must wait for a lock while `holding` has it; ends when both have. @returns whether it has waited */
export async function waitsFor(
  database: TestDatabase,
  holding: (db: Session['db']) => Promise<void>,
  work: () => Promise<unknown>,
): Promise<boolean> {
  let ended = false;
  const { working, waited } = await database.transaction(async ({ db }) => {
    await holding(db);
    const working = work().finally(() => (ended = true));
    let waits = 0;
    await until(async () => {
      const rows = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
      waits = (await database.rows(rows)).length;
      return ended || waits > 0;
    });
    return { working, waited: waits > 0 };
  });
  await working;
  return waited;
}
