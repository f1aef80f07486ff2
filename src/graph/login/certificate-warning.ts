import { certificateExpiry } from './certificate.js';
import type { Credential } from './credential.js';

const DAY_MS = 86_400_000;
const AHEAD_DAYS = 30;

/** How and when something ends, as the rest of a sentence, from 30 days before; undefined if there is time. */
export function endsSoon(expiry: Date, now = Date.now()): string | undefined {
  const left = expiry.getTime() - now;
  if (left > AHEAD_DAYS * DAY_MS) return undefined;
  const day = expiry.toISOString().slice(0, 10);
  return left <= 0 ? `has expired on ${day}` : `expires on ${day}, in ${Math.ceil(left / DAY_MS)} days`;
}

/** A sentence, from 30 days before a certificate expires; undefined if there is nothing to warn of. */
export function certificateWarning(credential: Credential, now = Date.now()): string | undefined {
  const expiry = certificateExpiry(credential);
  const when = expiry === undefined ? undefined : endsSoon(expiry, now);
  if (when === undefined) return undefined;
  return `The certificate of the application ${credential.clientId} in tenant ${credential.tenantId} ${when}. ${NEW_CERTIFICATE}`;
}

export const NEW_CERTIFICATE =
  'Upload a new one beside it in the app registration (Certificates & secrets), then have AZURE_CLIENT_CERTIFICATE_PATH name the new one.';
export const NEW_SECRET =
  'Create a new client secret beside it in the app registration (Certificates & secrets), then set AZURE_CLIENT_SECRET to its value.';
