import { header, type Call } from '../call.js';
import { json, type Reply } from '../reply.js';
import type { World } from '../world.js';
import { loginError, loginErrorReply } from './aadsts.js';
import { assertionFault } from './client-assertion.js';
import { clientCredentials, secretError } from './client-secret.js';
import { findTenant } from './find-tenant.js';
import { audienceOf } from './scope.js';

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/**
 * Client credentials, checked in the order in which Entra finds fault with them.
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
 */
export async function token(world: World, call: Call, tenantName: string): Promise<Reply> {
  const refuse = refusal(world, call);
  const form = new URLSearchParams(call.body);

  const tenant = findTenant(world.tenants, tenantName);
  if (tenant === undefined) return refuse(90002, tenantName);

  const grant = form.get('grant_type');
  if (grant === null) return refuse(900144, 'grant_type');
  if (grant !== 'client_credentials') return refuse(70003, grant);

  const { id, secret } = clientCredentials(call, form);
  if (id === null) return refuse(900144, 'client_id');
  const scope = form.get('scope');
  if (scope === null) return refuse(900144, 'scope');

  const application = tenant.applications.get(id.toLowerCase());
  if (application === undefined) return refuse(700016, id, tenant.displayName);
  if (!application.enabled) return refuse(7000112, id);
  const now = world.clock();
  const assertion = form.get('client_assertion');
  if (assertion !== null && assertion !== '') {
    if (form.get('client_assertion_type') !== ASSERTION_TYPE) return refuse(900144, 'client_assertion_type');
    const fault = await assertionFault(assertion, { application, tenant, url: world.url, now });
    if (fault !== undefined) return refuse(fault.code, fault.subject);
  } else {
    const wrong = secretError(application, secret, now);
    if (wrong !== undefined) return refuse(wrong, id);
  }
  const resource = audienceOf(scope, world.url);
  if ('code' in resource) return refuse(resource.code, resource.subject, tenant.displayName);

  const lifetime = world.accessTokens.lifetimeSeconds;
  const accessToken = await world.accessTokens.issue(tenant, application, resource.audience);
  const granted = { token_type: 'Bearer', expires_in: lifetime, ext_expires_in: lifetime, access_token: accessToken };
  return { ...json(200, granted), tenantId: tenant.tenantId };
}

/** Answers of the login that refuse, each under ids of its own. */
export function refusal(world: World, call: Call) {
  return (code: number, subject: string, tenantName?: string): Reply =>
    loginErrorReply(code, loginError(code, subject, tenantName), {
      at: world.clock(),
      traceId: world.nextGuid(),
      correlationId: header(call, 'client-request-id') ?? world.nextGuid(),
    });
}
