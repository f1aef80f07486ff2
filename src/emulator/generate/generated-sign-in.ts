import { PLACES } from '../sample/names.js';
import { place, signIn } from '../sample/sign-in.js';
import type { GraphObject } from '../tenant/graph-object.js';
import type { NumberedIds } from './numbered.js';
import { generatedUser } from './generated-user.js';

/** What sign-ins are made from. */
export interface SignInPlan {
  readonly userIds: NumberedIds;
  readonly appIds: NumberedIds;
  readonly users: number;
  readonly applications: number;
  readonly count: number;
  readonly seed: number;
  readonly now: Date;
}

const THIRTY_DAYS_MS = 30 * 86_400_000;

/** Sign-in number `index`, counted from the newest; they lie evenly over the last thirty days. */
export function generatedSignIn(plan: SignInPlan, index: number, id: string): GraphObject {
  const age = 1 + Math.floor((index / plan.count) * THIRTY_DAYS_MS);
  const userIndex = (index * 7919) % Math.max(1, plan.users);
  const app = (index * 31) % Math.max(1, plan.applications);
  const user = generatedUser(userIndex, plan.userIds.of(userIndex), plan.seed);
  const [city, state, , country, latitude, longitude] = PLACES[index % PLACES.length] ?? PLACES[0];
  return signIn({
    id,
    createdDateTime: new Date(plan.now.valueOf() - age).toISOString(),
    userId: user.id,
    userPrincipalName: String(user['mail']),
    userDisplayName: user['displayName'],
    appId: plan.appIds.of(app),
    appDisplayName: `Application ${app}`,
    errorCode: index % 9 === 8 ? 50126 : 0,
    location: place(city, state, country, latitude, longitude),
  });
}
