import { resolve } from 'node:path';
import type { CloudName } from './clouds.js';

/** Environment variables, the empty ones left out. */
type Given = Readonly<Record<string, string | undefined>>;

export const CREDENTIAL_KINDS = ['secret', 'certificate', 'federated', 'managed-identity'] as const;
export type CredentialKind = (typeof CREDENTIAL_KINDS)[number];

/** The application that reads a tenant, and where its secret is: never the secret itself. */
export interface Access {
  /** '' for a machine's own managed identity. */
  readonly clientId: string;
  readonly credential: CredentialKind;
  /** Where the client secret, the file of the certificate or the token file is. */
  readonly secretRef: string | null;
  /** Where the password of the certificate's file is. */
  readonly passwordRef: string | null;
  /** Null: the login and Graph hosts of the environment. */
  readonly cloud: CloudName | null;
}

/** As whom Graph and the login are asked. */
export interface Account {
  readonly tenantId: string;
  /** The application (client) id; null for a machine's own managed identity. */
  readonly application: string | null;
  readonly credential: CredentialKind;
}

export const accountOf = (login: {
  readonly tenantId: string;
  readonly clientId: string;
  readonly kind: CredentialKind;
}): Account => ({ tenantId: login.tenantId, application: login.clientId || null, credential: login.kind });

/** What each kind needs, in the order in which one is chosen if AZURE_CREDENTIAL is unset: that of the Azure SDKs. */
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
const PASSWORD = 'AZURE_CLIENT_CERTIFICATE_PASSWORD';
const OTHERS =
  ' (or another credential: AZURE_CLIENT_CERTIFICATE_PATH, AZURE_FEDERATED_TOKEN_FILE, or AZURE_CREDENTIAL=managed-identity)';

interface EnvironmentTenant {
  readonly tenantId: string;
  readonly access: Access;
}

/**
 * The tenant that the environment configures, by the variables as they were given.
 * @returns undefined if none of its variables is set; else it, or what is missing, a sentence each
 */
export function environmentTenant(
  given: Given,
): EnvironmentTenant | { readonly missing: readonly string[] } | undefined {
  const named = NEEDS.find(({ kind }) => kind === given['AZURE_CREDENTIAL']);
  const present = NEEDS.find(({ name }) => given[name] !== undefined);
  const need = named ?? present ?? NEEDS[0];
  // The platform sets IDENTITY_ENDPOINT for every process; it alone configures no tenant.
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
  const access = {
    clientId: given[CLIENT.name] ?? '',
    credential: need.kind,
    secretRef: secretRefOf(need, given[need.name]),
    passwordRef: need.kind === 'certificate' && given[PASSWORD] !== undefined ? `env:${PASSWORD}` : null,
    cloud: null,
  };
  return { tenantId: given[TENANT.name]?.toLowerCase() ?? '', access: Object.freeze(access) };
}

function secretRefOf({ kind, name }: (typeof NEEDS)[number], value = ''): string | null {
  if (kind === 'managed-identity') return null;
  return kind === 'secret' ? `env:${name}` : `file:${resolve(value)}`;
}
