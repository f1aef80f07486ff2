/** What one of Graph's refusals of a token means, and what to do about it. */
export type Refusal = readonly [reason: string, advice: string];

const HOSTS =
  'AZURE_AUTHORITY_HOST, GRAPH_BASE_URL and GRAPH_AUDIENCE must be of one cloud: AZURE_CLOUD sets all three.';
const REFUSED = 'Graph refused the token, and a new one as well';

const GENERIC: Refusal = [
  REFUSED,
  `Look up the code that Graph gave. ${HOSTS} Check the clock of this machine as well.`,
];

interface Known {
  /** One of the error's codes, in small letters. */
  readonly code: RegExp;
  /** In the error's message, if the code alone does not say enough. */
  readonly words?: RegExp;
  readonly refusal: Refusal;
}

const TOKEN = /^(invalidauthenticationtoken|unauthenticated)$/;
const EXPIRED: Refusal = [
  `${REFUSED}: by its clock the token has expired, or is not valid yet`,
  "Set this machine's clock, and have it kept (NTP). If it is right, see how long the login makes tokens valid: a token lifetime policy may make that very short.",
];
const UNREADABLE: Refusal = [
  `${REFUSED}: no token arrived that Graph can read`,
  'A proxy or gateway on the way to Graph may remove or change the Authorization header. Check HTTPS_PROXY and NO_PROXY, and that GRAPH_BASE_URL is the address of Graph.',
];

/**
 * What Graph says with 401, first match first. The words belong to `InvalidAuthenticationToken`, whose code is the same for
 * all of them.
 * @see https://learn.microsoft.com/graph/resolve-auth-errors
 * @see https://learn.microsoft.com/previous-versions/azure/ad/graph/howto/azure-ad-graph-api-error-codes-and-error-handling
 */
const KNOWN: readonly Known[] = [
  {
    // https://github.com/Azure/Microsoft365R/issues/184, https://github.com/Worklytics/psoxy/pull/875
    code: /^authorization_identitynotfound$/,
    refusal: [
      'Graph does not know the application in this tenant: it has no enterprise application or no consent there, or this was given or taken away just now',
      'An administrator of the tenant must consent to the application (Entra admin center, Enterprise applications, Permissions). If that was done just now, wait some minutes and run it again. Check AZURE_CLIENT_ID and AZURE_TENANT_ID as well.',
    ],
  },
  {
    code: /^authorization_identitydisabled$/,
    refusal: [
      'Graph says that the application is disabled in this tenant',
      'Enable sign-in for the enterprise application in the Entra admin center, or use another one.',
    ],
  },
  { code: /^authentication_expiredtoken$/, refusal: EXPIRED },
  { code: /^authentication_missingormalformed$/, refusal: UNREADABLE },
  {
    code: /^authentication_unauthorized$/,
    refusal: [
      `${REFUSED}: the application may not use Graph in this tenant`,
      'See that the enterprise application is enabled and consented to (Entra admin center, Enterprise applications).',
    ],
  },
  {
    // https://learn.microsoft.com/entra/identity-platform/app-resilience-continuous-access-evaluation
    code: /^/,
    words:
      /insufficient_claims|continuous access evaluation|tokenissuedbeforerevocation|outdatedpolic|locationcondition/i,
    refusal: [
      `${REFUSED}: access of the application was revoked, or a Conditional Access policy for workload identities blocks it from here`,
      'See Conditional Access (Workload identities) and the sign-ins of the application in the Entra admin center, and allow the address that Rollcall reads from.',
    ],
  },
  { code: TOKEN, words: /audience/i, refusal: [`${REFUSED}: it is a token for another service`, HOSTS] },
  { code: TOKEN, words: /expired|lifetime|not yet valid|not valid yet/i, refusal: EXPIRED },
  {
    code: TOKEN,
    words: /signature|signing key/i,
    refusal: [
      `${REFUSED}: Graph does not trust the signature of the token`,
      `${HOSTS} A login that is no login of Microsoft, or a proxy that changes requests, leads here too.`,
    ],
  },
  {
    code: TOKEN,
    words: /tenant|issuer/i,
    refusal: [`${REFUSED}: it is of a tenant that this Graph does not know`, `Check AZURE_TENANT_ID. ${HOSTS}`],
  },
  // https://github.com/microsoftgraph/msgraph-sdk-java-auth/issues/61
  { code: TOKEN, words: /empty|compacttoken|malformed|well formed|parsing/i, refusal: UNREADABLE },
];

/**
 * What a 401 of Graph means.
 * @param codes of the error, nested ones included
 * @param message of the error: used to tell kinds apart, not repeated
 */
export function refusedToken(codes: readonly string[], message: string): Refusal {
  const lower = codes.map((code) => code.toLowerCase());
  const known = KNOWN.find(
    ({ code, words }) =>
      (lower.length === 0 ? [''] : lower).some((each) => code.test(each)) &&
      (words === undefined || words.test(message)),
  );
  return known?.refusal ?? GENERIC;
}
