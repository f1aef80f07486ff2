import { z } from 'zod';
import { graphInstant, graphKey, graphOptionalId, graphText, graphUserName } from '../graph-types.js';

/** @see https://learn.microsoft.com/graph/api/resources/signin */
export const graphSignIn = z.object({
  id: graphKey,
  createdDateTime: graphInstant.pipe(z.string()),
  /** Null, or the zero GUID, if it is missing. */
  userId: graphOptionalId,
  userPrincipalName: graphUserName,
  /** As `userId`. */
  appId: graphOptionalId,
  appDisplayName: graphText,
  status: z.object({ errorCode: z.int32().nullish() }).nullish(),
  location: z.object({ city: graphText, state: graphText, countryOrRegion: graphText }).nullish(),
});

export type GraphSignIn = z.output<typeof graphSignIn>;
