import { z } from 'zod';
import { graphInstant, graphKey, graphOptionalId, graphText, graphUserName } from '../reading/graph-types.js';
import { isInterrupt } from './interrupts.js';

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
  /** Without a code it is neither a login nor a failure. */
  status: z
    .object({ errorCode: z.int32().nullish() })
    .nullish()
    .transform((status) => {
      const errorCode = status?.errorCode ?? null;
      return { errorCode, isInterrupt: isInterrupt(errorCode) };
    }),
  location: z.object({ city: graphText, state: graphText, countryOrRegion: graphText }).nullish(),
});

export type GraphSignIn = z.output<typeof graphSignIn>;
