import { createRandom, type Random } from '../random.js';
import type { GraphObject } from '../tenant/graph-object.js';
import { DOMAINS } from './constants.js';
import { DEPARTMENTS, GIVEN_NAMES, JOB_TITLES, mailName, PLACES, SURNAMES } from './names.js';
import { person } from './person.js';

/** How many ordinary employees the sample has. */
export const EMPLOYEES = 310;

/** Ordinary employees: what most of a directory looks like. */
export function employees(): readonly GraphObject[] {
  const random = createRandom(20_260);
  const taken = new Map<string, number>();
  return Array.from({ length: EMPLOYEES }, (_, index) => employee(index, random, taken));
}

function employee(index: number, random: Random, taken: Map<string, number>): GraphObject {
  const givenName = random.pick(GIVEN_NAMES);
  const surname = random.pick(SURNAMES);
  const base = `${mailName(givenName)}.${mailName(surname)}`;
  const namesakes = taken.get(base) ?? 0;
  taken.set(base, namesakes + 1);
  const name = namesakes === 0 ? base : `${base}${namesakes + 1}`;
  const domain = random.chance(0.15) ? DOMAINS.second : random.chance(0.08) ? DOMAINS.acquired : DOMAINS.main;
  const address = `${name}@${domain}`;
  const [city, state, country, usageLocation] = random.pick(PLACES);
  const created = date(random, 2012, 14);
  return person(`employee ${index}`, {
    // A third of them came from an on-premises directory, which shows in few other places.
    onPremisesSyncEnabled: random.chance(0.33) ? true : null,
    accountEnabled: !random.chance(0.06),
    givenName,
    surname,
    displayName: `${givenName} ${surname}`,
    userPrincipalName: address,
    mail: address,
    proxyAddresses: addresses(name, domain, random),
    otherMails: random.chance(0.1) ? [`${name}@private.example`] : [],
    department: random.chance(0.05) ? null : random.pick(DEPARTMENTS),
    jobTitle: random.pick(JOB_TITLES),
    employeeId: String(100_000 + index),
    employeeType: random.chance(0.1) ? 'Contractor' : 'Employee',
    companyName: 'Northwind Bikes',
    createdDateTime: withFraction(created, index % 8),
    employeeHireDate: hireDate(created, index),
    ...whereabouts(index, { city, state, country, usageLocation }),
    preferredLanguage: random.pick(['en-US', 'nl-NL', 'da-DK', 'fr-FR', 'pl-PL', null]),
    mobilePhone: random.chance(0.3) ? `+31 6 555 0${100 + index}` : null,
    businessPhones: random.chance(0.3) ? [`+31 30 555 0${100 + index}`] : [],
    ...activity(index),
  });
}

function addresses(name: string, domain: string, random: Random): readonly string[] {
  const primary = `SMTP:${name}@${domain}`;
  if (random.chance(0.4)) return [primary];
  return [
    primary,
    `smtp:${name}@${DOMAINS.initial}`,
    ...(random.chance(0.2) ? [`smtp:${name[0] ?? ''}@${domain}`] : []),
  ];
}

/** The three ways in which a directory gives a location. */
function whereabouts(
  index: number,
  place: { city: string; state: string; country: string; usageLocation: string },
): Readonly<Record<string, unknown>> {
  if (index % 3 === 0) return { ...place, officeLocation: `${(index % 20) + 1}/${2000 + index}` };
  return index % 3 === 1 ? place : { usageLocation: place.usageLocation };
}

function hireDate(created: string, index: number): string | null {
  if (index % 5 === 4) return null;
  // Some HR systems provision this if there is no date.
  if (index % 50 === 7) return '0001-01-01T00:00:00Z';
  return `${created.slice(0, 10)}T00:00:00Z`;
}

function activity(index: number): Readonly<Record<string, unknown>> {
  if (index % 4 === 3) return {};
  const lastSignInDateTime = `2026-0${(index % 8) + 1}-1${index % 10}T07:15:00Z`;
  return {
    signInActivity: {
      lastSignInDateTime,
      lastSignInRequestId: '',
      lastNonInteractiveSignInDateTime: '0001-01-01T00:00:00Z',
      lastNonInteractiveSignInRequestId: '',
      lastSuccessfulSignInDateTime: index % 2 === 0 ? lastSignInDateTime : '',
      lastSuccessfulSignInRequestId: '',
    },
  };
}

function date(random: Random, from: number, years: number): string {
  const days = random.below(years * 365);
  return new Date(Date.UTC(from, 0, 1 + days, random.below(24), random.below(60), random.below(60)))
    .toISOString()
    .slice(0, 19);
}

/** Graph writes 0 to 7 digits of a second. */
function withFraction(seconds: string, digits: number): string {
  return digits === 0 ? `${seconds}Z` : `${seconds}.${'4806519'.slice(0, digits)}Z`;
}
