import { RollcallError } from '../errors.js';
import {
  certificateExpiry,
  endsSoon,
  LIFE_ADVICE,
  NEW_CERTIFICATE,
  NEW_SECRET,
  type Credential,
  type GraphClient,
  type GraphReader,
  type TokenFacts,
} from '../graph/index.js';
import type { CredentialKind } from '../settings/credential.js';
import { failed, ok, problem, warning, type Finding } from './finding.js';

const KINDS: Readonly<Record<CredentialKind, string>> = {
  secret: 'the client secret',
  certificate: 'the certificate',
  federated: 'the token of an identity provider',
  'managed-identity': 'the managed identity',
};

const CHECK = 'credential';
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Why the login refused. A secret that is a GUID is none: it is the id of one. */
export function examineRefusal(error: unknown, credential: Credential): Finding {
  const finding = failed('token', error);
  const isWrongSecret = error instanceof RollcallError && error.facts['aadsts'] === '7000215';
  if (!isWrongSecret || credential.kind !== 'secret' || !GUID.test(credential.clientSecret)) return finding;
  return problem(
    'token',
    `${finding.found}: what was given has the form of a secret's id`,
    "Set AZURE_CLIENT_SECRET to the secret's value, which stands beside its id and is shown only when it is created. If it is lost, create a new secret in the app registration (Certificates & secrets).",
  );
}

/** Entra makes no token that is valid for less than ten minutes; one that is may end before a long request does. */
const SHORT_LIFE_MS = 5 * 60_000;

/** How the token was obtained, and for how long it is good. */
export function examineToken({ kind, expiresAt }: TokenFacts): Finding {
  const found = `obtained by ${KINDS[kind]}, valid until ${expiresAt.toISOString()}`;
  const seconds = Math.round((expiresAt.getTime() - Date.now()) / 1000);
  if (seconds * 1000 >= SHORT_LIFE_MS) return ok('token', found);
  return warning('token', `${found}, which is ${seconds} s from now; expected an hour or so`, LIFE_ADVICE);
}

/** When a certificate stops working: it says so itself. */
export function examineCertificate(credential: Credential): Finding[] {
  const expiry = certificateExpiry(credential);
  return expiry === undefined ? [] : [examineExpiry('the certificate', expiry, NEW_CERTIFICATE)];
}

/** When the client secret stops working, where Graph lets us see it. */
export async function examineSecret(graph: GraphClient, kind: CredentialKind, reader: GraphReader): Promise<Finding[]> {
  if (kind !== 'secret') return [];
  try {
    const expiry = await graph.secretExpiry(reader);
    return [expiry === undefined ? UNSEEN : examineExpiry('the client secret', expiry, NEW_SECRET)];
  } catch (error) {
    const isHidden = error instanceof RollcallError && ['graph_forbidden', 'graph_not_found'].includes(error.code);
    return [isHidden ? UNSEEN : failed(CHECK, error)];
  }
}

const UNSEEN = ok(
  CHECK,
  'when the client secret expires is not to be seen from here: the app registration is in another tenant, or we may not read it',
);

function examineExpiry(what: string, expiry: Date, advice: string): Finding {
  const when = endsSoon(expiry);
  if (when === undefined) return ok(CHECK, `${what} is valid until ${expiry.toISOString().slice(0, 10)}`);
  return (expiry.getTime() <= Date.now() ? problem : warning)(CHECK, `${what} ${when}`, advice);
}
