import { header, type Call } from '../call.js';
import type { Application } from '../tenant/tenant-data.js';

/** What the caller says it is: from the form, or from a Basic header as RFC 6749 allows. */
export function clientCredentials(call: Call, form: URLSearchParams): { id: string | null; secret: string | null } {
  const basic = /^Basic (.+)$/i.exec(header(call, 'authorization') ?? '')?.[1];
  if (basic === undefined) return { id: form.get('client_id'), secret: form.get('client_secret') };
  const [id = '', ...secret] = Buffer.from(basic, 'base64').toString('utf8').split(':');
  return { id: decodeURIComponent(id), secret: decodeURIComponent(secret.join(':')) };
}

/** The number of the login error for this secret; undefined if it is valid. */
export function secretError(application: Application, secret: string | null, now: number): number | undefined {
  if (secret === null || secret === '') return 7000218;
  const found = application.secrets.find(({ value }) => value === secret);
  if (found === undefined) return 7000215;
  return found.expires !== undefined && Date.parse(found.expires) <= now ? 7000222 : undefined;
}
