import { z } from 'zod';
import { parseJson } from '../http/parse-json.js';
import { redirectHost } from '../http/redirect.js';
import { createTransport, type Incoming, type TransportOptions } from '../http/transport.js';
import { loginUnreachable, refusedBy } from './login-errors.js';
import { loginExchange, type LoginExchangeOptions } from './login-exchange.js';

export interface ProbeTenant extends TransportOptions, Omit<LoginExchangeOptions, 'closing'> {
  readonly authorityHost: string;
  readonly tenantId: string;
  readonly signal: AbortSignal;
}

/** What a login says of a tenant without a credential. */
export interface ProbedTenant {
  /** Where Graph is for this tenant, as the login has it; undefined if it does not say. */
  readonly graphHost: string | undefined;
  /** Such as `EU`. */
  readonly region: string | undefined;
}

const document = z.object({
  issuer: z.string(),
  msgraph_host: z.string().nullish(),
  tenant_region_scope: z.string().nullish(),
});
const refusal = z.object({ error: z.string().catch(''), error_codes: z.array(z.number()).catch([]) });

/**
 * Asks the login, without any credential, whether it knows a tenant: this tells a wrong tenant or cloud from a wrong secret.
 * @throws RollcallError `login_unreachable` if the login does not answer, `login_refused` if it does not know the tenant
 * @see https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc#find-your-apps-openid-configuration-document-uri
 */
export async function probeTenant({ authorityHost, tenantId, signal, ...options }: ProbeTenant): Promise<ProbedTenant> {
  const transport = createTransport(options);
  const authority = `${authorityHost}/${tenantId}`;
  const place = `the login at ${authority.replace('https://', '')}`;
  try {
    const ask = loginExchange(transport, { ...options, closing: signal });
    const url = new URL(`${authority}/v2.0/.well-known/openid-configuration`);
    const answer = await ask({ method: 'GET', url }).catch((error: unknown) => {
      signal.throwIfAborted();
      throw loginUnreachable(place, error instanceof Error ? error.message : 'no answer');
    });
    const { status, text } = answer;
    const body = parseJson(text);
    const found = document.safeParse(body);
    if (status === 200 && found.success) {
      const { msgraph_host: graphHost, tenant_region_scope: region } = found.data;
      return { graphHost: graphHost ?? undefined, region: region ?? undefined };
    }
    const { error, error_codes: codes } = refusal.safeParse(body).data ?? { error: '', error_codes: [] };
    if (codes[0] === undefined || status === 429 || status >= 500) {
      throw loginUnreachable(place, whatElse(answer, url));
    }
    throw refusedBy(place.replace('the', 'The'), String(codes[0]), error, status);
  } finally {
    await transport.close();
  }
}

function whatElse(answer: Incoming, url: URL): string {
  const host = redirectHost(answer, url);
  if (host !== undefined) return `it answered with a redirect to ${host} (${answer.status})`;
  return answer.status === 200 ? 'it answered with what is no login' : `it answered ${answer.status}`;
}
