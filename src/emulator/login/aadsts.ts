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

/**
 * The errors that the emulator knows, by their number; `subject` is the application, tenant, scope or resource.
 * @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
export function loginError(code: number, subject: string, tenantName = 'the directory'): LoginError {
  switch (code) {
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
