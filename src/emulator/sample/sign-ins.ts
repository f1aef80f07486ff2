import { guid } from '../guid.js';
import { createRandom, type Random } from '../random.js';
import type { GraphObject } from '../tenant/graph-object.js';
import { PLACES } from './names.js';
import { oddSignIns } from './odd-sign-ins.js';
import { loggedName, place, signIn } from './sign-in.js';

/** How many ordinary sign-ins the sample has. */
export const SIGN_INS = 3000;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** An hour less than thirty days, because times are rounded down to the hour: so a first read meets all of them. */
const SPAN_MS = 30 * DAY_MS - 2 * HOUR_MS;

// Errors as often as they are seen: wrong passwords, and interruptions that are no failures.
const ERRORS = [50126, 50126, 50126, 50140, 50074, 50058, 53003, 65001] as const;

interface Sample {
  readonly users: readonly GraphObject[];
  readonly applications: readonly GraphObject[];
  readonly now: Date;
}

/** Thirty days of sign-ins, up to `now`. */
export function signIns({ users, applications, now }: Sample): readonly GraphObject[] {
  const random = createRandom(4711);
  const active = users.filter((user, index) => user['accountEnabled'] === true && index % 6 !== 5);
  const used = applications.filter(({ servicePrincipalType }) => servicePrincipalType === 'Application');
  const ordinary = Array.from({ length: SIGN_INS }, (_, index) => {
    // Some people work more than others, and some applications are used by all.
    const user = random.chance(0.5) ? random.pick(active.slice(0, 60)) : random.pick(active);
    const app = random.chance(0.6) ? random.pick(used.slice(0, 12)) : random.pick(used);
    return ordinarySignIn(index, user, app, moment(random, now, index), random);
  });
  const [application] = used.filter(({ displayName }) => displayName === 'Fieldnotes');
  if (application === undefined) throw new Error('the sample has no application Fieldnotes');
  // Of people who pass every filter, and one who fails some.
  const people = [...active.slice(0, 3), ...active.filter(({ userType }) => userType === 'Guest').slice(0, 1)];
  return [...ordinary, ...oddSignIns({ people, application, now })];
}

function ordinarySignIn(
  index: number,
  user: GraphObject,
  app: GraphObject,
  createdDateTime: string,
  random: Random,
): GraphObject {
  const [city, state, , country, latitude, longitude] = random.pick(PLACES);
  return signIn({
    id: guid('sample sign-in', index),
    createdDateTime,
    userId: user.id,
    userPrincipalName: loggedName(user),
    userDisplayName: user['displayName'],
    appId: String(app['appId']),
    appDisplayName: app['displayName'],
    errorCode: random.chance(0.12) ? random.pick(ERRORS) : 0,
    location:
      index % 40 === 13
        ? null
        : index % 40 === 14
          ? place('', state, country, latitude, longitude)
          : place(city, state, country, latitude, longitude),
  });
}

/** With 0, 3 or 7 digits of a second, and every now and then the same moment twice. */
function moment(random: Random, now: Date, index: number): string {
  const at = new Date(now.valueOf() - 1 - random.below(SPAN_MS));
  const seconds = at.toISOString().slice(0, 19);
  if (index % 10 < 3) return `${seconds.slice(0, 14)}00:00Z`;
  return index % 2 === 0 ? at.toISOString() : `${seconds}.${String(1_234_567 + index).slice(0, 7)}Z`;
}
