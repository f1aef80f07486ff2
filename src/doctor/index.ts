export { checkSetup, type CheckOptions, type Report } from './check-setup.js';
export { tenantToCheck } from './tenants-to-check.js';
export { checkTenant } from './tenant.js';
export type { TenantCheck } from './tenant-check.js';
export type { Finding, Level } from './finding.js';
