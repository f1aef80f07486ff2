import { readFile } from 'node:fs/promises';
import {
  ConfidentialClientApplication,
  LogLevel,
  type INetworkModule,
  type NetworkRequestOptions,
  type NetworkResponse,
} from '@azure/msal-node';
import { z } from 'zod';
import { RollcallError, systemCode } from '../../errors.js';
import type { Incoming } from '../http/transport.js';
import { signingKeyOf } from './certificate.js';
import type { Credential } from './credential.js';
import { accessToken, lifeOf, type Grant } from './grant.js';
import type { AskLogin } from './login-exchange.js';

type ClientCredential = Exclude<Credential, { kind: 'managed-identity' }>;

export interface ClientLogin {
  readonly credential: ClientCredential;
  /** `https://login.microsoftonline.com/{tenant}`. */
  readonly authority: string;
  readonly audience: string;
  readonly ask: AskLogin;
}

/**
 * A token by client credentials: a secret, a certificate (PS256 and `x5t#S256`), or a token of an identity provider.
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
 */
export async function clientLogin({ credential, authority, audience, ask }: ClientLogin): Promise<Grant> {
  let failure: unknown;
  let lifetimeMs = Number.NaN;
  // One client per login: after a 429 or 5xx an MSAL client refuses by itself for a minute. We store tokens ourselves.
  const application = new ConfidentialClientApplication({
    auth: {
      clientId: credential.clientId,
      ...(await proofOf(credential)),
      authority,
      // Both spare requests that other clouds and emulators must not need, and that would hide an unknown tenant
      // behind a failed discovery: the token endpoint says plainly what is wrong.
      knownAuthorities: [new URL(authority).host],
      authorityMetadata: JSON.stringify(endpoints(authority)),
    },
    system: {
      networkClient: networkOf(ask, {
        onFailure: (cause) => {
          failure = cause;
        },
        // MSAL makes of it a moment of its own clock, or none.
        onToken: (life) => {
          lifetimeMs = life;
        },
      }),
      loggerOptions: { logLevel: LogLevel.Error, loggerCallback: () => {} },
    },
  });
  const scopes = [`${audience}/.default`];
  const result = await application.acquireTokenByClientCredential({ scopes }).catch((error: unknown) => {
    // What MSAL makes of a network that failed does not say what failed.
    throw failure ?? error;
  });
  if (result === null) throw new Error('it answered without a token');
  return { accessToken: result.accessToken, lifetimeMs };
}

async function proofOf(credential: ClientCredential) {
  switch (credential.kind) {
    case 'secret':
      return { clientSecret: credential.clientSecret };
    case 'certificate': {
      const { thumbprint, privateKey } = signingKeyOf(credential);
      return { clientCertificate: { thumbprintSha256: thumbprint, privateKey } };
    }
    case 'federated':
      return { clientAssertion: await readAssertion(credential.tokenFile) };
    default:
      return credential satisfies never;
  }
}

async function readAssertion(path: string): Promise<string> {
  const invalid = (found: string) =>
    new RollcallError(
      'credential_invalid',
      `The token file ${path} ${found}; expected a token of the identity provider that the application trusts`,
      'AZURE_FEDERATED_TOKEN_FILE must name it. On Kubernetes the pod needs the label azure.workload.identity/use and a service account; elsewhere, what renews the file must be running.',
    );
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw invalid(`cannot be read (${systemCode(cause) ?? 'no reason given'})`);
  });
  const assertion = text.trim();
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(assertion)) throw invalid(assertion === '' ? 'is empty' : 'holds no token');
  return assertion;
}

interface Hearing {
  readonly onFailure: (cause: unknown) => void;
  /** @param lifetimeMs NaN if the login does not say */
  readonly onToken: (lifetimeMs: number) => void;
}

function networkOf(ask: AskLogin, { onFailure, onToken }: Hearing): INetworkModule {
  const send = async <T>(
    method: 'GET' | 'POST',
    address: string,
    { headers, body }: NetworkRequestOptions = {},
  ): Promise<NetworkResponse<T>> => {
    try {
      const answer = await ask({ method, url: new URL(address), headers, body });
      return { status: answer.status, headers: { ...answer.headers }, body: parse(answer, onToken) };
    } catch (cause) {
      onFailure(cause);
      throw cause;
    }
  };
  return {
    sendGetRequestAsync: (url, options) => send('GET', url, options),
    sendPostRequestAsync: (url, options) => send('POST', url, options),
  };
}

const token = z.looseObject({ access_token: accessToken, expires_in: z.unknown().optional() });
/** What MSAL looks at: of another type it would trip over it. */
const refusal = z.looseObject({
  error: z.string(),
  error_description: z.string().catch(''),
  error_codes: z.array(z.number()).catch([]),
  suberror: z.string().catch(''),
});
/** For MSAL, which keeps the token a moment; the real life is heard from the answer itself. */
const SECONDS_FOR_MSAL = 3600;

/**
 * MSAL takes whatever has no `error` for a token: a gateway's page, or an empty body, would be sent to Graph as one, and
 * Graph be blamed.
 */
function parse({ text, status }: Incoming, onToken: Hearing['onToken']) {
  let body;
  try {
    body = JSON.parse(text);
  } catch {
    // Said below.
  }
  const granted = token.safeParse(body);
  if (granted.success) {
    onToken(lifeOf(granted.data.expires_in));
    return { ...body, expires_in: SECONDS_FOR_MSAL, token_type: 'Bearer' };
  }
  const refused = refusal.safeParse(body);
  if (refused.success) return { ...body, ...refused.data };
  throw new Error(`it answered ${status} with neither a token nor a reason`);
}

/** @see https://learn.microsoft.com/entra/identity-platform/v2-protocols#endpoints */
function endpoints(authority: string) {
  return {
    issuer: `${authority}/v2.0`,
    token_endpoint: `${authority}/oauth2/v2.0/token`,
    authorization_endpoint: `${authority}/oauth2/v2.0/authorize`,
    jwks_uri: `${authority}/discovery/v2.0/keys`,
  };
}
