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
import { GUID } from '../settings/guid.js';
import { toFinding, ok, problem, warning, type Finding } from './finding.js';

const KINDS: Readonly<Record<CredentialKind, string>> = {
  secret: 'the client secret',
  certificate: 'the certificate',
  federated: 'the token of an identity provider',
  'managed-identity': 'the managed identity',
};

const CHECK = 'credential';

/** Why the login refused. A secret that is a GUID is the id of a secret. */
export function checkRefusal(error: unknown, credential: Credential): Finding {
  const finding = toFinding('token', error);
  const isWrongSecret = error instanceof RollcallError && error.facts['aadsts'] === '7000215';
  if (!isWrongSecret || credential.kind !== 'secret' || !GUID.test(credential.clientSecret)) return finding;
  return problem(
    'token',
    `${finding.found}: it has the form of a secret's id`,
    "Set AZURE_CLIENT_SECRET to the secret's value, which is shown next to its id, and only when it is created. If it is lost, create a new secret in the app registration (Certificates & secrets).",
  );
}

/** Entra issues no token for less than ten minutes; a shorter one may expire during a long request. */
const SHORT_LIFE_MS = 5 * 60_000;

/** How the token was obtained, and how long it is valid. */
export function checkToken({ kind, expiresAt }: TokenFacts): Finding {
  const found = `obtained by ${KINDS[kind]}, valid until ${expiresAt.toISOString()}`;
  const seconds = Math.round((expiresAt.getTime() - Date.now()) / 1000);
  if (seconds * 1000 >= SHORT_LIFE_MS) return ok('token', found);
  return warning('token', `${found}, which is ${seconds} s from now; expected an hour or so`, LIFE_ADVICE);
}

/** When the certificate expires. */
export function checkCertificate(credential: Credential): Finding[] {
  const expiry = certificateExpiry(credential);
  return expiry === undefined ? [] : [checkExpiry('the certificate', expiry, NEW_CERTIFICATE)];
}

/** When the client secret expires, if Graph shows it. */
export async function checkSecret(graph: GraphClient, kind: CredentialKind, reader: GraphReader): Promise<Finding[]> {
  if (kind !== 'secret') return [];
  try {
    const expiry = await graph.secretExpiry(reader);
    return [expiry === undefined ? UNSEEN : checkExpiry('the client secret', expiry, NEW_SECRET)];
  } catch (error) {
    const isHidden = error instanceof RollcallError && ['graph_forbidden', 'graph_not_found'].includes(error.code);
    return [isHidden ? UNSEEN : toFinding(CHECK, error)];
  }
}

const UNSEEN = ok(
  CHECK,
  'the expiry of the client secret cannot be read: the app registration is in another tenant, or we may not read it',
);

function checkExpiry(what: string, expiry: Date, advice: string): Finding {
  const when = endsSoon(expiry);
  if (when === undefined) return ok(CHECK, `${what} is valid until ${expiry.toISOString().slice(0, 10)}`);
  return (expiry.getTime() <= Date.now() ? problem : warning)(CHECK, `${what} ${when}`, advice);
}
