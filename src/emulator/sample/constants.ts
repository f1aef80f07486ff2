/** The sample tenant's id. */
export const SAMPLE_TENANT_ID = '5a3b1e00-0000-4000-8000-00000000c0de';

/** The application that may read the sample tenant. */
export const SAMPLE_CLIENT_ID = '5a3b1e00-0000-4000-8000-0000000000a1';

/** Its secret. It opens the emulator and nothing else. */
export const SAMPLE_CLIENT_SECRET = 'emulator-only~not-a-real-secret';

/** The id of that secret: what people paste by mistake. */
export const SAMPLE_SECRET_ID = '5a3b1e00-0000-4000-8000-0000000005ec';

/** Granted to it: the least that Rollcall needs. */
export const SAMPLE_ROLES = [
  'User.Read.All',
  'Application.Read.All',
  'GroupMember.Read.All',
  'AuditLog.Read.All',
  'ReportSettings.Read.All',
] as const;

/** The tenant's domains. `.example` is reserved. */
export const DOMAINS = {
  main: 'northwind-bikes.example',
  second: 'parts.northwind-bikes.example',
  acquired: 'velo-atelier.example',
  initial: 'northwindbikes.onmicrosoft.com',
} as const;

/** The home domains of the guests. */
export const GUEST_DOMAINS = [
  'wheels-and-more.example',
  'fabrikam.example',
  'gmail.example',
  'adatum.example',
] as const;
