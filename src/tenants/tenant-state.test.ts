import { RetryLater, RollcallError } from '../errors.js';
import type { Tenant } from '../jobs/worker/served-tenants.js';
import { nextState, type TenantEvent, type TenantState } from './tenant-state.js';

const NOW = 1_000_000;
// Only handed on, never used.
const tenant: Tenant = { tenantId: 'contoso', graph: undefined!, filters: undefined! };
const refused = new RollcallError('login_refused', 'AADSTS7000215', 'Renew the secret.');
const away = new RollcallError('database_unreachable', 'The database went away', 'It is tried again.');

const starting: TenantState = { kind: 'starting' };
const serving: TenantState = { kind: 'serving', tenant, isRefused: false };
const failed: TenantState = { kind: 'failed', error: refused, retryAt: NOW + 60_000, retryEarlyAt: NOW + 10_000 };
const stopping: TenantState = { kind: 'stopping' };

const opened: TenantEvent = { kind: 'opened', tenant };
const fails = (thrown: unknown): TenantEvent => ({ kind: 'failed', name: 'contoso', thrown, now: NOW });
const loginRefused: TenantEvent = { kind: 'login refused' };
const stop: TenantEvent = { kind: 'stop' };

test.each<[string, TenantState, TenantEvent, unknown]>([
  ['is served once it is open', starting, opened, serving],
  ['that cannot be logged in to is tried again after a minute', starting, fails(refused), failed],
  [
    'is tried again as soon as the database may be back',
    starting,
    fails(away),
    { kind: 'failed', error: away, retryAt: NOW + 2000, retryEarlyAt: NOW + 2000 },
  ],
  [
    'is tried again when Graph says so, and no earlier',
    starting,
    fails(new RetryLater(5000, 'Graph asks for a wait')),
    {
      kind: 'failed',
      error: expect.objectContaining({ code: 'tenant_refused', advice: 'It is tried again in 5 s.' }),
      retryAt: NOW + 5000,
      retryEarlyAt: NOW + 5000,
    },
  ],
  ['that has no login yet has none that could be refused', starting, loginRefused, starting],
  ['stops before it is open', starting, stop, stopping],
  [
    'is served until its jobs have ended, even if its login is refused',
    serving,
    loginRefused,
    { ...serving, isRefused: true },
  ],
  ['that is served does not fail any more', serving, fails(refused), serving],
  ['stops being served', serving, stop, stopping],
  [
    'that failed is tried again earlier if a job waits for it',
    failed,
    loginRefused,
    { ...failed, retryAt: NOW + 10_000 },
  ],
  ['that failed stays so until it is started again', failed, opened, failed],
  ['that failed is stopped to be started again', failed, stop, stopping],
  ['that stops is not served, even if it opens meanwhile', stopping, opened, stopping],
  ['that stops does not fail', stopping, fails(refused), stopping],
  ['that stops has no login to try again', stopping, loginRefused, stopping],
  ['that stops is not stopped twice', stopping, stop, stopping],
])('a tenant %s', (_, state, event, expected) => {
  expect(nextState(state, event)).toEqual(expected);
});
