import { X509Certificate } from 'node:crypto';
import { guid } from '../guid.js';
import type { Application } from '../tenant/tenant-data.js';
import { entity, type Route } from './answer.js';
import { notFound } from './graph-failure.js';
import { checkOptions } from './query-options.js';

/** The registration of an application that may log in, by its application id. @see https://learn.microsoft.com/graph/api/application-get */
export const application: Route = {
  pattern: /^\/applications\(appId='([^']+)'\)$/,
  permissions: ['Application.Read.All', 'Directory.Read.All'],
  units: 1,
  answer({ world, call, tenant, parameters: [appId = ''] }) {
    checkOptions(call, { known: ['$select'] });
    const found = tenant.applications.get(appId.toLowerCase());
    // A managed identity has a service principal and no registration.
    if (found === undefined || found.managedIdentity !== undefined) throw notFound(appId);
    const fields = call.query.get('$select')?.split(',');
    const all = Object.entries(registrationOf(found));
    const chosen = fields === undefined ? all : all.filter(([name]) => fields.includes(name));
    return entity(world, 'applications/$entity', Object.fromEntries(chosen));
  },
};

const FOR_EVER = '2299-12-31T00:00:00Z';

function registrationOf({ clientId, secrets, certificates = [] }: Application) {
  return {
    id: guid('registration', clientId),
    appId: clientId,
    displayName: 'Rollcall',
    // https://learn.microsoft.com/graph/api/resources/passwordcredential
    passwordCredentials: secrets.map(({ id, value, expires }) => ({
      customKeyIdentifier: null,
      displayName: 'Rollcall',
      endDateTime: expires ?? FOR_EVER,
      hint: value.slice(0, 3),
      keyId: id,
      secretText: null,
      startDateTime: '2024-01-01T00:00:00Z',
    })),
    // https://learn.microsoft.com/graph/api/resources/keycredential
    keyCredentials: certificates.map((pem) => {
      const certificate = new X509Certificate(pem);
      return {
        customKeyIdentifier: certificate.fingerprint.replaceAll(':', ''),
        displayName: certificate.subject,
        endDateTime: new Date(certificate.validTo).toISOString(),
        key: null,
        keyId: guid('key', certificate.fingerprint256),
        startDateTime: new Date(certificate.validFrom).toISOString(),
        type: 'AsymmetricX509Cert',
        usage: 'Verify',
      };
    }),
  };
}
