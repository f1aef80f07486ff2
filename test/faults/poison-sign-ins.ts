import type { FaultAction } from '../../src/emulator/index.js';
import type { FaultCase } from './fault-case.js';
import { strike } from './lists.js';
import { lateSignInId } from './tenant.js';

const PLACE = 2;
/** The newest sign-in stands before those that were made later. */
const eventId = lateSignInId(6);

const set = (property: string, value: unknown): FaultAction => ({
  kind: 'patch',
  operations: [{ op: 'add', path: `/value/${PLACE}/${property}`, value }],
});

const poisoned = (fault: string, action: FaultAction, reason: string): FaultCase => ({
  fault,
  where: 'one of the sign-ins',
  strikes: () => [strike('signIns', 'middle', action)],
  partial: { 'sso-access': [reason] },
  keeps: (table, row) => table === 'sign_in_events' && row['event_id'] === eventId,
  // All that were made are of one person in one application: who has so many has lost one of them.
  alters: (table, row) => {
    const logins = table === 'sign_in_totals' ? Number(row['login_count']) : 0;
    return logins >= 10 ? { ...row, login_count: logins - 1 } : row;
  },
});

export const poisonSignIns: readonly FaultCase[] = [
  poisoned('a number where a string is expected', set('userPrincipalName', 7), 'userPrincipalName'),
  poisoned('a date that is none', set('createdDateTime', ''), 'createdDateTime'),
  poisoned('an id that is null', set('id', null), 'id'),
  poisoned('an id of 5 MB', set('id', 'x'.repeat(5 * 1024 * 1024)), 'id'),
  poisoned('a user that is no GUID', set('userId', 'no GUID'), 'userId'),
  poisoned('an error code beyond 32 bits', set('status', { errorCode: 9_999_999_999 }), 'errorCode'),
  poisoned('an error code that is no number', set('status', { errorCode: 'none' }), 'errorCode'),
];
