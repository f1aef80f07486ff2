import { z } from 'zod';
import type { Credential } from './credential.js';

const registration = z.object({
  passwordCredentials: z.array(
    z.object({ hint: z.string().nullish(), endDateTime: z.iso.datetime({ offset: true }).nullish() }),
  ),
});

interface Reader {
  get(path: string): Promise<unknown>;
}

/**
 * When the client secret of a credential expires, by the application's own registration. Graph shows the beginning of each
 * secret, which tells which one is ours; if several begin alike, the one that lasts longest counts.
 * @returns undefined if the credential is not a secret, or if it cannot be seen which one is ours
 * @throws RollcallError if Graph does not let us see: `graph_forbidden`, `graph_not_found` of an application of another
 *   tenant
 * @see https://learn.microsoft.com/graph/api/resources/passwordcredential
 */
export async function fetchSecretExpiry(credential: Credential, reader: Reader): Promise<Date | undefined> {
  if (credential.kind !== 'secret') return undefined;
  const { clientId, clientSecret } = credential;
  const path = `/applications(appId='${encodeURIComponent(clientId)}')?$select=passwordCredentials`;
  const found = registration.safeParse(await reader.get(path)).data?.passwordCredentials ?? [];
  const ends = found
    .filter(({ hint }) => typeof hint === 'string' && hint !== '' && clientSecret.startsWith(hint))
    .map(({ endDateTime }) => Date.parse(endDateTime ?? ''));
  const last = Math.max(...ends.filter((end) => !Number.isNaN(end)));
  return Number.isFinite(last) ? new Date(last) : undefined;
}
