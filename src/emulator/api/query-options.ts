import { header, type Call } from '../call.js';
import { badRequest, notEmulated } from './graph-failure.js';

/** How an endpoint treats the options of OData. */
export interface OptionRules {
  /** What this endpoint of the emulator carries out. */
  readonly known: readonly string[];
  /** What Graph itself refuses here. */
  readonly refused?: readonly string[];
}

const SYSTEM = ['$count', '$expand', '$filter', '$orderby', '$search', '$select', '$skip', '$top'];
const TOKENS = ['$skiptoken', '$deltatoken'];

/** Refuses what Graph refuses, and what the emulator cannot do: an option that changes nothing would be a lie. */
export function checkOptions(call: Call, { known, refused = [] }: OptionRules): void {
  for (const name of call.query.keys()) {
    if (!name.startsWith('$') || known.includes(name) || TOKENS.includes(name)) continue;
    if (refused.includes(name))
      throw badRequest(`'${name}' is not supported by the service.`, 'Request_UnsupportedQuery');
    if (SYSTEM.includes(name)) throw notEmulated(`the option ${name} at ${call.path}`);
    throw badRequest(
      `The query parameter '${name}' is not supported. Supported parameters are ${SYSTEM.join(', ')}.`,
      'BadRequest',
    );
  }
}

/** The size of a page. @see https://learn.microsoft.com/graph/query-parameters#top-parameter */
export function pageSize(call: Call, usual: number, most: number): number {
  const asked = call.query.get('$top');
  if (asked === null) return usual;
  if (!/^\d+$/.test(asked)) {
    throw badRequest(
      `Invalid value '${asked}' for $top query option found. The $top query option requires a non-negative integer value.`,
      'BadRequest',
    );
  }
  const size = Number(asked);
  if (size >= 1 && size <= most) return size;
  throw badRequest(
    `Invalid page size specified: '${asked}'. Must be between 1 and ${most} inclusive.`,
    'Request_UnsupportedQuery',
  );
}

/** Advanced queries work only with this header. @see https://learn.microsoft.com/graph/aad-advanced-queries */
export function isEventual(call: Call): boolean {
  return header(call, 'consistencylevel')?.toLowerCase() === 'eventual';
}
