import { json, type Reply } from '../reply.js';

/** One of Entra's login errors. */
export interface LoginError {
  readonly status: number;
  readonly error: string;
  readonly message: string;
}

const SECRET_HINT =
  'Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app';
const INSTALL_HINT =
  'This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant.';

const CERTIFICATES =
  'Review the documentation at https://learn.microsoft.com/entra/identity-platform/certificate-credentials .';
const NO_RECORD = 'No matching federated identity record found for presented assertion';
const FEDERATION =
  'Check your federated identity credential Subject, Audience and Issuer against the presented assertion. https://learn.microsoft.com/entra/workload-id/workload-identity-federation';

const refused = (message: string): LoginError => ({ status: 401, error: 'invalid_client', message });

/**
 * The errors that the emulator knows, by their number; `subject` is the application, tenant, scope or resource.
 * @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
export function loginError(code: number, subject: string, tenantName = 'the directory'): LoginError {
  switch (code) {
    case 50027:
      return { status: 400, error: 'invalid_request', message: `Invalid JWT token. ${subject}` };
    case 700021:
      return refused(`Client assertion application identifier doesn't match 'client_id' parameter. ${CERTIFICATES}`);
    case 700023:
      return refused(`Client assertion audience claim does not match Realm issuer. ${CERTIFICATES}`);
    case 700024:
      return refused(`Client assertion is not within its valid time range. Current time: ${subject}. ${CERTIFICATES}`);
    case 700027:
      return refused(
        `The certificate with identifier used to sign the client assertion is not registered on application. ${subject} ${CERTIFICATES}`,
      );
    case 700211:
      return refused(`${NO_RECORD} issuer '${subject}'. ${FEDERATION}`);
    case 700212:
      return refused(`${NO_RECORD} audience '${subject}'. ${FEDERATION}`);
    case 700213:
      return refused(`${NO_RECORD} subject '${subject}'. ${FEDERATION}`);
    case 7000229:
      return refused(
        `The client application ${subject} is missing service principal in the tenant ${tenantName}. See instructions here: https://go.microsoft.com/fwlink/?linkid=2225119`,
      );
    case 7000272:
      return refused(
        `The certificate used to sign the federated credential could not be found in the metadata of identity provider ${subject}. Please validate that your Identity Provider's metadata exposes the key used to sign the incoming token.`,
      );
    case 90002:
      return {
        status: 400,
        error: 'invalid_request',
        message: `Tenant '${subject}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`,
      };
    case 700016:
      return {
        status: 400,
        error: 'unauthorized_client',
        message: `Application with identifier '${subject}' was not found in the directory '${tenantName}'. ${INSTALL_HINT} You may have sent your authentication request to the wrong tenant.`,
      };
    case 7000112:
      return { status: 400, error: 'unauthorized_client', message: `Application '${subject}' is disabled.` };
    case 7000215:
      return {
        status: 401,
        error: 'invalid_client',
        message: `Invalid client secret provided. ${SECRET_HINT} '${subject}'.`,
      };
    case 7000218:
      return {
        status: 401,
        error: 'invalid_client',
        message: `The request body must contain the following parameter: 'client_assertion' or 'client_secret'.`,
      };
    case 7000222:
      return {
        status: 401,
        error: 'invalid_client',
        message: `The provided client secret keys for app '${subject}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.`,
      };
    case 70003:
      return {
        status: 400,
        error: 'unsupported_grant_type',
        message: `The app requested an unsupported grant type '${subject}'.`,
      };
    case 70011:
      return {
        status: 400,
        error: 'invalid_scope',
        message: `The provided value for the input parameter 'scope' is not valid. The scope ${subject} is not valid.`,
      };
    case 500011:
      return {
        status: 400,
        error: 'invalid_resource',
        message: `The resource principal named ${subject} was not found in the tenant named ${tenantName}. ${INSTALL_HINT} You might have sent your authentication request to the wrong tenant.`,
      };
    case 900144:
      return {
        status: 400,
        error: 'invalid_request',
        message: `The request body must contain the following parameter: '${subject}'.`,
      };
    default:
      return { status: 400, error: 'invalid_request', message: `The request failed: ${subject}.` };
  }
}

/** The body in which Entra sends a login error. */
export function loginErrorReply(code: number, { status, error, message }: LoginError, ids: LoginErrorIds): Reply {
  const timestamp = `${new Date(ids.at).toISOString().slice(0, 19).replace('T', ' ')}Z`;
  return json(status, {
    error,
    error_description: `AADSTS${code}: ${message}\r\nTrace ID: ${ids.traceId}\r\nCorrelation ID: ${ids.correlationId}\r\nTimestamp: ${timestamp}`,
    error_codes: [code],
    timestamp,
    trace_id: ids.traceId,
    correlation_id: ids.correlationId,
    error_uri: `https://login.microsoftonline.com/error?code=${code}`,
  });
}

interface LoginErrorIds {
  readonly at: number;
  readonly traceId: string;
  readonly correlationId: string;
}
