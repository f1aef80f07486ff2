import { withQuery } from '../../graph/index.js';
import {
  analyzeSignIns,
  dropOldSignIns,
  eachSignInDifference,
  mergeSignIns,
  noteConcealedNames,
  signInEvents,
  syncTable,
} from '../../store/index.js';
import { defineStream, defineTask } from '../define-task.js';
import { fetchConcealedNames } from './concealed-names.js';
import { graphSignIn } from './item.js';
import { toSignInRow } from './normalize.js';

/** Date filters are slow: a gateway gives up after 120 s, and our usual limit of 100 s must not end before that. */
const PATIENCE = 1.5;

/**
 * What: every sign-in to an application, from 30 days ago (7 without a Premium license).
 * When: every hour (SCHEDULE_SSO_ACCESS), and every night.
 * Changes: by time, from the end of the last read less six hours, because Graph delivers some late.
 * Removals: none; events older than SIGN_IN_RETENTION_DAYS are dropped, and the totals stay.
 * @see https://learn.microsoft.com/graph/api/signin-list https://learn.microsoft.com/entra/identity/monitoring-health/reference-reports-data-retention
 */
export const ssoAccess = defineTask({
  name: 'sso-access',
  summary: 'who signed in to which application',
  permissions: ['AuditLog.Read.All'],
  schedules: ['nightly', 'sign-ins'],
  dependsOn: [],
  view: 'rollcall.sso_access',
  collections: [],
  stream: defineStream({
    resource: '/auditLogs/signIns',
    table: syncTable(signInEvents),
    item: graphSignIn,
    identity: graphSignIn
      .pick({ id: true, createdDateTime: true })
      .transform(({ id, createdDateTime }) => ({ eventId: id, createdAt: createdDateTime })),
    toRow: toSignInRow,
    // `lt` and `gt` are not supported: https://learn.microsoft.com/graph/api/resources/signin
    read: (graph, { from, to }, resume) =>
      graph.pages(
        resume ??
          withQuery('/auditLogs/signIns', {
            $filter: `createdDateTime ge ${from} and createdDateTime le ${to}`,
            $top: 1000,
          }),
        { patience: PATIENCE },
      ),
    begin: async (graph, database, tenantId) =>
      noteConcealedNames(database, tenantId, await fetchConcealedNames(graph)),
    merge: mergeSignIns,
    eachDifference: eachSignInDifference,
    end: async (database, tenantId, { signInRetentionDays }) => {
      await dropOldSignIns(database, tenantId, signInRetentionDays);
      await analyzeSignIns(database);
    },
  }),
});
