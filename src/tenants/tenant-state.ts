import { RetryLater, RollcallError, toRollcallError } from '../errors.js';
import type { Tenant } from '../jobs/worker/served-tenants.js';

/** A failed tenant, and one whose login was refused, is stopped and started again. */
export type TenantState =
  | { readonly kind: 'starting' }
  | { readonly kind: 'serving'; readonly tenant: Tenant; readonly isRefused: boolean }
  | { readonly kind: 'failed'; readonly error: RollcallError; readonly retryAt: number; readonly retryEarlyAt: number }
  | { readonly kind: 'stopping' };

export type TenantEvent =
  | { readonly kind: 'opened'; readonly tenant: Tenant }
  | { readonly kind: 'failed'; readonly name: string; readonly thrown: unknown; readonly now: number }
  | { readonly kind: 'login refused' }
  | { readonly kind: 'stop' };

/** How soon a failed login is tried again, and how soon if a job waits for it. */
const RETRY_MS = 60_000;
const RETRY_EARLY_MS = 10_000;
/** How soon a wait that has nothing to do with the login is looked at again. */
export const SHORT_WAIT_MS = 2000;

/** An event that a state does not expect changes nothing: a tenant that is stopping stays so, even if it opens meanwhile. */
export function nextState(state: TenantState, event: TenantEvent): TenantState {
  switch (event.kind) {
    case 'opened':
      return state.kind === 'starting' ? { kind: 'serving', tenant: event.tenant, isRefused: false } : state;
    case 'failed':
      return state.kind === 'starting' ? failed(event) : state;
    case 'login refused':
      if (state.kind === 'serving') return { ...state, isRefused: true };
      return state.kind === 'failed' ? { ...state, retryAt: state.retryEarlyAt } : state;
    case 'stop':
      return { kind: 'stopping' };
    default:
      return event satisfies never;
  }
}

function failed({ name, thrown, now }: TenantEvent & { kind: 'failed' }): TenantState {
  if (thrown instanceof RetryLater) return failedUntil(now + thrown.delayMs, notNow(name, thrown));
  const error = toRollcallError(thrown);
  if (isOurs(error)) return failedUntil(now + SHORT_WAIT_MS, error);
  return { kind: 'failed', error, retryAt: now + RETRY_MS, retryEarlyAt: now + RETRY_EARLY_MS };
}

const failedUntil = (retryAt: number, error: RollcallError): TenantState => ({
  kind: 'failed',
  error,
  retryAt,
  retryEarlyAt: retryAt,
});

/** Nothing is wrong with the tenant if our own database is away. */
export const isOurs = ({ code }: RollcallError): boolean => code === 'database_unreachable';

const notNow = (name: string, { message, delayMs }: RetryLater) =>
  new RollcallError(
    'tenant_refused',
    `${name} cannot be read now: ${message}`,
    `It is tried again in ${Math.ceil(delayMs / 1000)} s.`,
  );
