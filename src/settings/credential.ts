/** Environment variables, the empty ones left out. */
type Given = Readonly<Record<string, string | undefined>>;

export const CREDENTIAL_KINDS = ['secret', 'certificate', 'federated', 'managed-identity'] as const;

/** Where the proof is that an application is who it says: the proof itself only where it is a word. */
export type CredentialSettings =
  | { readonly kind: 'secret'; readonly clientSecret: string }
  | { readonly kind: 'certificate'; readonly path: string; readonly password?: string | undefined }
  | { readonly kind: 'federated'; readonly tokenFile: string }
  | { readonly kind: 'managed-identity' };

/** An application of a directory, and how it logs in. */
export interface Login {
  readonly tenantId: string;
  /** '' for a machine's own managed identity. */
  readonly clientId: string;
  readonly credential: CredentialSettings;
}

/** As whom Graph and the login are asked. */
export interface Account {
  readonly tenantId: string;
  /** The application (client) id; null for a machine's own managed identity. */
  readonly application: string | null;
  readonly credential: (typeof CREDENTIAL_KINDS)[number];
}

export const accountOf = (login: {
  readonly tenantId: string;
  readonly clientId: string;
  readonly kind: Account['credential'];
}): Account => ({ tenantId: login.tenantId, application: login.clientId || null, credential: login.kind });

/** What each kind needs, in the order in which one is chosen where AZURE_CREDENTIAL is unset: that of the Azure SDKs. */
const NEEDS = [
  { kind: 'secret', name: 'AZURE_CLIENT_SECRET', help: "the value (not the id) of that application's client secret" },
  {
    kind: 'certificate',
    name: 'AZURE_CLIENT_CERTIFICATE_PATH',
    help: 'the path of a PEM or PFX file with a certificate of that application and its private key',
  },
  {
    kind: 'federated',
    name: 'AZURE_FEDERATED_TOKEN_FILE',
    help: 'the path of a file with a token of the identity provider that the application trusts',
  },
  { kind: 'managed-identity', name: 'IDENTITY_ENDPOINT', help: 'a machine of Azure' },
] as const;

const TENANT = { name: 'AZURE_TENANT_ID', help: "the directory's id (a GUID)" } as const;
const CLIENT = {
  name: 'AZURE_CLIENT_ID',
  help: 'the application (client) id of the app registration that reads',
} as const;
const OTHERS =
  ' (or another credential: AZURE_CLIENT_CERTIFICATE_PATH, AZURE_FEDERATED_TOKEN_FILE, or AZURE_CREDENTIAL=managed-identity)';

/**
 * The login that the environment describes, by the variables as they were given.
 * @returns undefined if none of its variables is set; else it, or what is missing, a sentence each
 */
export function loginOf(given: Given): Login | { readonly missing: readonly string[] } | undefined {
  const named = NEEDS.find(({ kind }) => kind === given['AZURE_CREDENTIAL']);
  const present = NEEDS.find(({ name }) => given[name] !== undefined);
  const need = named ?? present ?? NEEDS[0];
  // The platform sets IDENTITY_ENDPOINT for everybody; it alone describes no tenant.
  const own = [TENANT.name, CLIENT.name, 'AZURE_CREDENTIAL', ...NEEDS.slice(0, 3).map(({ name }) => name)];
  if (own.every((name) => given[name] === undefined)) return undefined;

  const required = need.kind === 'managed-identity' ? [TENANT] : [TENANT, CLIENT, { name: need.name, help: need.help }];
  const missing = required.filter(({ name }) => given[name] === undefined);
  if (missing.length > 0) {
    const others = named === undefined && present === undefined ? OTHERS : '';
    return {
      missing: missing.map(
        ({ name, help }) => `${name} is not set; expected ${help}${name === need.name ? others : ''}`,
      ),
    };
  }
  const value = given[need.name] ?? '';
  const tenantId = given[TENANT.name]?.toLowerCase() ?? '';
  return { tenantId, clientId: given[CLIENT.name] ?? '', credential: settingsOf(need.kind, value, given) };
}

function settingsOf(kind: (typeof NEEDS)[number]['kind'], value: string, given: Given): CredentialSettings {
  switch (kind) {
    case 'secret':
      return { kind, clientSecret: value };
    case 'certificate':
      return { kind, path: value, password: given['AZURE_CLIENT_CERTIFICATE_PASSWORD'] };
    case 'federated':
      return { kind, tokenFile: value };
    case 'managed-identity':
      return { kind };
    default:
      return kind satisfies never;
  }
}
