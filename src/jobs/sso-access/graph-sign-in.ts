import { z } from 'zod';
import { graphId, graphInstant, graphKey, graphUserName } from '../graph-types.js';

const text = z.string().nullish();
/** An id that may be missing in three ways: null, empty, or the zero GUID. */
const optionalId = z.union([graphId, z.literal('')]).nullish();

/** @see https://learn.microsoft.com/graph/api/resources/signin */
export const graphSignIn = z.object({
  id: graphKey,
  createdDateTime: graphInstant.pipe(z.string()),
  userId: optionalId,
  userPrincipalName: graphUserName.nullish(),
  appId: optionalId,
  appDisplayName: text,
  status: z.object({ errorCode: z.int32().nullish() }).nullish(),
  location: z.object({ city: text, state: text, countryOrRegion: text }).nullish(),
});

export type GraphSignIn = z.output<typeof graphSignIn>;
