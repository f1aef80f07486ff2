import type { GraphObject } from '../tenant/graph-object.js';
import { ticks } from '../tenant/sign-in-log.js';
import { names } from './object-type.js';
import { badRequest, notEmulated } from './graph-failure.js';

/** A `$filter` on sign-ins, understood. */
export interface SignInFilter {
  /** Bounds of `createdDateTime`, inclusive, as `ticks`. */
  readonly from: string;
  readonly upTo: string;
  /** Everything but the bounds. */
  accepts(signIn: GraphObject): boolean;
}

const PROPERTIES = new Set(
  names(`
    id appDisplayName appId appliedConditionalAccessPolicies authenticationAppDeviceDetails clientAppUsed
    conditionalAccessStatus correlationId createdDateTime deviceDetail homeTenantId ipAddress isInteractive location
    resourceDisplayName resourceId resourceTenantId riskDetail riskEventTypes riskEventTypes_v2 riskLevelAggregated
    riskLevelDuringSignIn riskState servicePrincipalId servicePrincipalName status userAgent userDisplayName userId
    userPrincipalName
  `),
);

const DATE = /^createdDateTime (eq|ge|gt|le|lt|ne) (\d{4}-\d{2}-\d{2}T[\d:.]+Z)$/i;
const EQUAL = /^(id|appId|userId|userPrincipalName|appDisplayName) eq '((?:[^']|'')*)'$/i;

/**
 * Dates by `ge`, `le` and `eq`, ids by `eq`, joined by `and`.
 * @see https://learn.microsoft.com/graph/api/resources/signin#properties for which property is filtered how
 */
export function signInFilter(text: string | null): SignInFilter {
  let from = '';
  let upTo = '9999';
  const equals: (readonly [name: string, value: string])[] = [];
  for (const clause of text === null ? [] : text.trim().split(/\s+and\s+/i)) {
    const [, operator = '', date = ''] = DATE.exec(clause) ?? [];
    const [, name = '', value = ''] = EQUAL.exec(clause) ?? [];
    if (operator === 'ge' || operator === 'eq') from = later(from, ticks(date));
    if (operator === 'le' || operator === 'eq') upTo = earlier(upTo, ticks(date));
    if (['gt', 'lt', 'ne'].includes(operator)) {
      throw badRequest(`Unsupported operator '${operator}' for property 'createdDateTime'.`, 'BadRequest');
    }
    if (operator === '' && name === '') throw unknownClause(clause);
    if (name !== '') equals.push([name, value.replaceAll("''", "'")]);
  }
  const accepts = (signIn: GraphObject): boolean => equals.every(([name, value]) => signIn[name] === value);
  return { from, upTo, accepts };
}

function unknownClause(clause: string) {
  const [, name = ''] = /^\(?\s*(\w+)/.exec(clause) ?? [];
  return PROPERTIES.has(name)
    ? notEmulated(`the filter ${clause} on sign-ins`)
    : badRequest(`Could not find a property named '${name}' on type 'microsoft.graph.signIn'.`, 'BadRequest');
}

function later(a: string, b: string): string {
  return a > b ? a : b;
}

function earlier(a: string, b: string): string {
  return a < b ? a : b;
}
