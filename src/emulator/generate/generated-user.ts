import type { GraphObject } from '../tenant/graph-object.js';
import { DEPARTMENTS, GIVEN_NAMES, JOB_TITLES, mailName, PLACES, SURNAMES } from '../sample/names.js';

/** The domain of generated people. */
export const GENERATED_DOMAIN = 'big.example';

const MAIL_GIVEN = GIVEN_NAMES.map(mailName);
const MAIL_SUR = SURNAMES.map(mailName);

function choice<T>(choices: readonly T[], number: number): T {
  const chosen = choices[number % choices.length];
  if (chosen === undefined) throw new RangeError('nothing to choose from');
  return chosen;
}

/** Spreads neighbouring numbers, so that neighbours differ in all their properties. */
function mixed(index: number, seed: number): number {
  return Math.imul(index + 1, 0x9e3779b1 ^ seed) >>> 0;
}

/** Person number `index`: cheap to make, and the same whenever asked for. */
export function generatedUser(index: number, id: string, seed: number): GraphObject {
  const number = mixed(index, seed);
  const given = number % GIVEN_NAMES.length;
  const sur = (number >>> 8) % SURNAMES.length;
  const givenName = choice(GIVEN_NAMES, given);
  const surname = choice(SURNAMES, sur);
  const name = `${choice(MAIL_GIVEN, given)}.${choice(MAIL_SUR, sur)}.${index}`;
  const address = `${name}@${GENERATED_DOMAIN}`;
  const isGuest = index % 20 === 19;
  const [city, state, country, usageLocation] = choice(PLACES, number >>> 5);
  const created = `20${10 + (index % 15)}-0${1 + (index % 9)}-1${index % 10}T08:30:0${index % 10}Z`;
  return {
    id,
    accountEnabled: index % 33 !== 0,
    businessPhones: [],
    city,
    companyName: 'Big Example',
    country,
    createdDateTime: created,
    creationType: isGuest ? 'Invitation' : null,
    department: choice(DEPARTMENTS, number >>> 3),
    displayName: `${givenName} ${surname}`,
    employeeHireDate: index % 4 === 0 ? null : created,
    employeeId: String(index),
    externalUserState: isGuest ? 'Accepted' : null,
    givenName,
    jobTitle: choice(JOB_TITLES, number >>> 7),
    mail: address,
    mobilePhone: null,
    officeLocation: index % 2 === 0 ? `${index % 90}/${number % 4000}` : null,
    otherMails: index % 10 === 0 ? [`${name}@private.example`] : [],
    preferredLanguage: null,
    proxyAddresses: [`SMTP:${address}`, `smtp:${name}@big.onmicrosoft.com`],
    state,
    surname,
    usageLocation,
    userPrincipalName: isGuest ? `${name}_${GENERATED_DOMAIN}#EXT#@big.onmicrosoft.com` : address,
    userType: isGuest ? 'Guest' : 'Member',
  };
}
