import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { CLOUD_NAMES } from './clouds.js';
import { CREDENTIAL_KINDS } from './credential.js';
import { documented, url, wholeNumber } from './kinds.js';
import { certificatesIn } from './connections/tls-files.js';
import { GUID } from './guid.js';

// Tokens and secrets travel over them, so plain http is refused even on loopback.
const LOGIN_HOST = 'an https URL without a path, such as https://login.microsoftonline.com';

const loginHost = url(['https:'], LOGIN_HOST)
  .refine((value) => !URL.canParse(value) || new URL(value).pathname === '/', { error: LOGIN_HOST })
  .transform((value) => new URL(value).origin);

/** With its path, for a Graph behind a gateway; the version is ours to add, so one that was given is cut. */
const graphBase = url(['https:'], 'an https URL such as https://graph.microsoft.com').transform((value) => {
  const { origin, pathname } = new URL(value);
  return origin + pathname.replace(/\/+$/, '').replace(/\/v1\.0$/, '');
});

/** For whom tokens are: a URL or another name of a resource, without the scope that is ours to add. */
const audience = z
  .string()
  .transform((value) => value.replace(/\/\.default$/, '').replace(/\/+$/, ''))
  .refine((value) => /^(https|api):\/\/[^\s/]+(\/\S*)?$/.test(value) || GUID.test(value), {
    error: 'the URL of a resource such as https://graph.microsoft.com',
  });

/** May hold a user and a password, percent-encoded. */
const proxy = url(['http:', 'https:'], 'a URL such as http://proxy.example:3128').refine(isDecodable, {
  error: 'a URL whose user and password are percent-encoded',
});

/** Read here, because Node itself looks at this variable before there is any `.env`. */
const authorities = z
  .string()
  .transform((path) => {
    try {
      const pem = readFileSync(path, 'utf8');
      return certificatesIn(pem).length > 0 ? pem : undefined;
    } catch {
      return undefined;
    }
  })
  .refine((pem) => pem !== undefined, { error: 'a file of certificates (PEM) that this user may read' });

const credential = <S extends z.ZodType>(schema: S, description: string, unset = 'required') =>
  documented(schema, description, unset);

/** Who logs in, how, where, for what, and by which way: by the name of the environment variable. */
export const loginSettings = {
  AZURE_TENANT_ID: credential(
    z
      .string()
      .regex(GUID, { error: "the directory's id, a GUID (Entra admin center, Overview)" })
      .toLowerCase()
      .optional(),
    "The directory's id",
  ),
  AZURE_CLIENT_ID: credential(
    z.string().regex(/^\S+$/, { error: 'the application (client) id, without spaces' }).optional(),
    'The application (client) id of the app registration that reads',
  ),
  AZURE_CREDENTIAL: credential(
    z.enum(CREDENTIAL_KINDS, { error: `one of ${CREDENTIAL_KINDS.join(', ')}` }).optional(),
    `How the application proves who it is: ${CREDENTIAL_KINDS.join(', ')}`,
    'the first of these that is set up: a secret, a certificate, a token file, a managed identity of App Service',
  ),
  AZURE_CLIENT_SECRET: credential(
    z.string().optional(),
    "The value (not the id) of that application's client secret",
    'required or another credential',
  ),
  AZURE_CLIENT_CERTIFICATE_PATH: credential(
    z.string().optional(),
    'A PEM or PFX file with a certificate of the application and its private key (RSA)',
    'no certificate',
  ),
  AZURE_CLIENT_CERTIFICATE_PASSWORD: credential(
    z.string().optional(),
    'Opens that file, if it is encrypted',
    'no password',
  ),
  AZURE_FEDERATED_TOKEN_FILE: credential(
    z.string().optional(),
    'A file with a token of an identity provider that the application trusts (workload identity); read again for each login',
    'no file',
  ),
  IDENTITY_ENDPOINT: credential(
    url(['http:', 'https:'], 'the URL that the platform has set').optional(),
    'Where App Service, Functions and Container Apps hand out tokens of managed identities; they set it, with `IDENTITY_HEADER`',
    'the metadata service of the virtual machine',
  ),
  IDENTITY_HEADER: credential(z.string().optional(), 'Goes with it', 'no header'),
  AZURE_POD_IDENTITY_AUTHORITY_HOST: credential(
    url(['http:', 'https:'], 'a URL such as http://169.254.169.254')
      .transform((value) => new URL(value).origin)
      .optional(),
    'Where the metadata service of the machine is, if not at its usual address',
    'http://169.254.169.254',
  ),
  TOKEN_REFRESH_PERCENT: documented(
    wholeNumber(1, 90).default(10),
    "The share of a token's life that is left when it is renewed, in the background",
    '10',
  ),
  AZURE_CLOUD: documented(
    z.enum(CLOUD_NAMES, { error: `one of ${CLOUD_NAMES.join(', ')}` }).optional(),
    `The cloud: ${CLOUD_NAMES.join(', ')}. It sets the three below, unless they are set`,
    'global',
  ),
  AZURE_AUTHORITY_HOST: documented(
    loginHost.optional(),
    'The login host, if it is not that of the cloud',
    'that of the cloud: `https://login.microsoftonline.com`',
  ),
  GRAPH_BASE_URL: documented(
    graphBase.optional(),
    'The Graph host, if it is not that of the cloud; the path /v1.0 is added',
    'that of the cloud: `https://graph.microsoft.com`',
  ),
  GRAPH_AUDIENCE: documented(
    audience.optional(),
    'For whom tokens are requested, if Graph is reached by another name than its own (a gateway)',
    'the host of Graph',
  ),
  HTTPS_PROXY: documented(
    proxy.optional(),
    'The proxy on the way to the login and Graph; `https_proxy` as well',
    'no proxy',
  ),
  NODE_EXTRA_CA_CERTS: documented(
    authorities.optional(),
    'A PEM file of certificate authorities that the login, Graph, Postgres and Redis may use in addition to those of Node, such as that of a proxy that inspects the traffic',
    'those of Node',
  ),
  NO_PROXY: documented(
    z.string().optional(),
    'Hosts and domains that are reached without it, separated by commas; `no_proxy` as well',
    'no host',
  ),
} as const;

function isDecodable(value: string): boolean {
  if (!URL.canParse(value)) return true;
  try {
    const { username, password } = new URL(value);
    return decodeURIComponent(username + password).length >= 0;
  } catch {
    return false;
  }
}
