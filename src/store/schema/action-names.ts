/** What people can tell Rollcall to do; stored, and filtered by. */
export const ACTIONS = [
  'sync',
  'release',
  'discard',
  'replay',
  'cancel',
  'jobs --retry-failed',
  'migrate',
  'tenants add',
  'tenants update',
  'tenants enable',
  'tenants disable',
  'tenants remove',
  'tenants apply',
] as const;
export type ActionName = (typeof ACTIONS)[number];
