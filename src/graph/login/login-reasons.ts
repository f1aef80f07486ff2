/** What one of the login's numbers means, and what to do about it. */
export type Reason = readonly [reason: string, advice: string];

const REGISTRATION = 'the app registration (Certificates & secrets)';
const TRUST =
  'The federated credential in the app registration (Certificates & secrets, Federated credentials) and the token must agree to the letter, upper and lower case included.';
const HOSTS =
  'AZURE_AUTHORITY_HOST, GRAPH_BASE_URL and GRAPH_AUDIENCE must be of one cloud: AZURE_CLOUD sets all three.';
const CONSENT =
  'An administrator of that tenant must consent to the application (Enterprise applications, Permissions), or run: az ad sp create --id <application id>.';
const ASSERTION =
  'Only Rollcall makes this assertion. Check that nothing between it and the login changes requests; else please report it.';

/**
 * The text that comes with a number is not stable; the number is, as far as anything of it is.
 * @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
const REASONS: Readonly<Record<string, Reason>> = {
  // Who and where
  '700016': [
    'the application does not exist in this tenant',
    `Check AZURE_CLIENT_ID (the application id of the app registration) and AZURE_TENANT_ID. If both are right: ${CONSENT}`,
  ],
  '7000229': ['the application is registered, but has no service principal in this tenant', CONSENT],
  '90002': [
    'the tenant does not exist in this cloud',
    "Check AZURE_TENANT_ID (the directory's id) and AZURE_CLOUD or AZURE_AUTHORITY_HOST (the login of its cloud).",
  ],
  '900023': [
    'what was given as the tenant is neither an id nor a domain name',
    "Set AZURE_TENANT_ID to the directory's id, a GUID.",
  ],
  '900382': ['the tenant is of another cloud', HOSTS],
  '7000112': [
    'the application is disabled',
    'Enable sign-in for the enterprise application in the Entra admin center, or use another one.',
  ],
  '7000114': ['the application may not log in this way', 'Use an app registration of your own, not a managed one.'],
  '700025': [
    'the application is a public client, which has no credentials',
    'Switch "Allow public client flows" off in the app registration (Authentication), or use another one.',
  ],
  '53003': [
    'a Conditional Access policy for workload identities blocks it',
    'Have the policy allow this application from the address it logs in from (Conditional Access, Workload identities).',
  ],
  // A secret
  '7000215': [
    'the client secret is wrong',
    "Set AZURE_CLIENT_SECRET to the secret's value. A common mistake is to paste the secret's id, which stands beside it.",
  ],
  '7000222': [
    'the client secret has expired',
    `Create a new client secret in ${REGISTRATION} and set AZURE_CLIENT_SECRET to its value.`,
  ],
  '7000216': ['no credential arrived', ASSERTION],
  '7000218': ['no credential arrived', ASSERTION],
  '7000232': [
    'AZURE_CLIENT_ID is that of a managed identity, which has no secret',
    'Set AZURE_CREDENTIAL=managed-identity, or AZURE_CLIENT_ID to an app registration.',
  ],
  // A certificate, or the token of an issuer
  '700027': [
    'the certificate is not registered on the application, has expired, or does not belong to the key that signed',
    `Upload the certificate (without its key) in ${REGISTRATION}, or have AZURE_CLIENT_CERTIFICATE_PATH name the one that is there; compare the thumbprints.`,
  ],
  '700024': [
    'the assertion is not valid at this time',
    "Set this machine's clock (NTP): the login allows five minutes. With AZURE_FEDERATED_TOKEN_FILE: the token in the file has expired, so see that it is renewed.",
  ],
  '700021': ['the assertion names another application than the client id', ASSERTION],
  '700023': ['the assertion is for another login', HOSTS],
  '50027': ['the assertion is malformed', ASSERTION],
  '50013': ['the signature of the assertion is wrong', ASSERTION],
  '70021': ['the application trusts no such token', TRUST],
  '700211': ['the application trusts no token of this issuer', TRUST],
  '700212': [
    'the application trusts no token for this audience',
    `${TRUST} The audience is api://AzureADTokenExchange; other clouds have their own.`,
  ],
  '700213': ['the application trusts no token about this subject', TRUST],
  '7000272': [
    'the key that signed the token is not among those that its issuer publishes',
    'See that the issuer publishes its keys where its discovery document says, reachable from the internet; after a change of keys wait some minutes.',
  ],
  // For what
  '500011': ['Graph is not known in this tenant under the name that was asked for', HOSTS],
  '70011': ['the scope was refused', HOSTS],
};

// Newer numbers that say more precisely what an older one says.
const MORE_PRECISE: Readonly<Record<string, string>> = { '7002137': '700213', '7002138': '700213' };

/** What to say of a number; of an unknown one, where it can be looked up. */
export function reasonOf(aadsts: string, error: string): Reason {
  return (
    REASONS[MORE_PRECISE[aadsts] ?? aadsts] ?? [
      `it answered ${error}`,
      `Look it up: https://login.microsoftonline.com/error${aadsts === '' ? '' : `?code=${aadsts}`}`,
    ]
  );
}
