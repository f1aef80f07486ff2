import { isDeepStrictEqual } from 'node:util';
import type { TenantSettings } from '../../../settings/tenant.js';

/** What would make the registered tenants those of a file. */
export type TenantDifference =
  | { readonly kind: 'add'; readonly after: TenantSettings }
  | { readonly kind: 'change'; readonly before: TenantSettings; readonly after: TenantSettings }
  | { readonly kind: 'remove'; readonly before: TenantSettings };

export function differencesBetween(
  registered: readonly TenantSettings[],
  wanted: readonly TenantSettings[],
): TenantDifference[] {
  const byId = new Map(registered.map((tenant) => [tenant.tenant_id, tenant]));
  const differences = wanted.flatMap((after): TenantDifference[] => {
    const before = byId.get(after.tenant_id);
    if (before === undefined) return [{ kind: 'add', after }];
    return isDeepStrictEqual(before, after) ? [] : [{ kind: 'change', before, after }];
  });
  const stays = new Set(wanted.map(({ tenant_id: id }) => id));
  const gone = registered.filter(({ tenant_id: id }) => !stays.has(id));
  return [...differences, ...gone.map((before) => ({ kind: 'remove', before }) as const)];
}

/** The fields that differ, with their values before and after; for a new tenant, the fields that are set. */
export function changedFields(difference: TenantDifference): [field: string, before: unknown, after: unknown][] {
  if (difference.kind === 'remove') return [];
  const before: Readonly<Record<string, unknown>> = difference.kind === 'change' ? difference.before : {};
  return Object.entries(difference.after)
    .filter(
      ([field, value]) =>
        !isDeepStrictEqual(before[field] ?? null, value) && !(difference.kind === 'add' && isUnset(value)),
    )
    .map(([field, value]) => [field, before[field] ?? null, value]);
}

const isUnset = (value: unknown) =>
  value === null || value === false || value === '' || (Array.isArray(value) && value.length === 0);

/** For the record of operator actions: the tenant and the changed fields; for a reference to a secret, only that it was set. */
export function aboutTenant(difference: TenantDifference) {
  const { name, tenant_id: tenantId } = difference.kind === 'remove' ? difference.before : difference.after;
  const fields = changedFields(difference).map(([field, before, after]) => [
    field,
    field.endsWith('_ref') ? 'set' : difference.kind === 'add' ? after : { before, after },
  ]);
  return { tenantId, details: { name, kind: difference.kind, fields: Object.fromEntries(fields) } };
}
