export { startEmulator, type Emulator, type EmulatorOptions } from './emulator.js';
export type { ThrottlingOptions } from './api/throttle.js';
export type { Fault, FaultAction } from './faults/fault.js';
export type { FaultScript } from './faults/script.js';
export type { RequestRecord } from './request-log.js';
export type {
  TenantData,
  Application,
  ClientSecret,
  FederatedCredential,
  MemberReference,
} from './tenant/tenant-data.js';
export { IDENTITY_HEADER } from './identity/app-service.js';
export type { DirectoryTable } from './tenant/directory-table.js';
export type { LinkTable } from './tenant/link-table.js';
export type { SignInLog } from './tenant/sign-in-log.js';
export type { GraphObject } from './tenant/graph-object.js';
export { sampleTenant, type SampleOptions } from './sample/sample-tenant.js';
export { SAMPLE_CLIENT_ID, SAMPLE_CLIENT_SECRET, SAMPLE_SECRET_ID, SAMPLE_TENANT_ID } from './sample/constants.js';
export { generateTenant, type GenerateOptions } from './generate/generate-tenant.js';
