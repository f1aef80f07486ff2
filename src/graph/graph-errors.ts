import { z } from 'zod';
import { RollcallError, type ErrorCode } from '../errors.js';
import type { GraphResponse } from './exchange.js';

/** Graph nests its codes, spells the member both ways, and may leave code and message empty. */
const errorBody = z.object({ error: z.looseObject({ code: z.string().catch(''), message: z.string().catch('') }) });

const SYNC_STATE_LOST = new Set([
  'syncstatenotfound',
  'resyncrequired',
  'resyncchangesapplydifferences',
  'resyncchangesuploaddifferences',
]);

/**
 * A response that is no success, as an error that says what to do.
 * @param permissions what the task needs, named where Graph forbids
 * @see https://learn.microsoft.com/graph/errors
 */
export function graphError(response: GraphResponse, url: URL, permissions: readonly string[]): RollcallError {
  const parsed = errorBody.safeParse(response.body);
  const codes = parsed.success ? nestedCodes(parsed.data.error) : [];
  // Where the fault is ours or in the set-up, the words help; elsewhere they may name people.
  const said =
    parsed.success && [400, 403].includes(response.status)
      ? parsed.data.error.message.slice(0, 300).replaceAll(/\s+/g, ' ')
      : '';
  const [code, reason, advice] = lostItsPage(response.status, codes, url)
    ? PAGE_EXPIRED
    : explain(response.status, codes, { permissions, isDelta: asksForDelta(url) });
  const graphCode = codes.at(-1) ?? '';
  const found = [response.status, graphCode, said].filter((part) => part !== '').join(' ');
  return new RollcallError(code, `${reason} (${url.pathname}: ${found})`, advice, {
    facts: { status: response.status, graphCode, requestId: response.headers['request-id'] },
  });
}

const PAGE_EXPIRED = [
  'graph_page_expired',
  'A page token expired',
  'The collection is read again from its start, at most five times; then the run fails. Run it again later.',
] as const;

/**
 * The directory has a code for it. The audit log only says that it does not find the token, and only in words; but where
 * the page before was good, nothing else can be wrong with a link that Graph itself has made.
 */
function lostItsPage(status: number, codes: readonly string[], url: URL): boolean {
  if (codes.some((code) => code.toLowerCase() === 'directory_expiredpagetoken')) return true;
  const saysNothing = codes.every((code) => code === 'UnknownError');
  return status === 400 && saysNothing && url.searchParams.has('$skiptoken');
}

/** Whether there is a cursor in a request that Graph could lose. */
const asksForDelta = ({ pathname, searchParams }: URL): boolean =>
  /\/(microsoft\.graph\.)?delta(\(\))?$/i.test(pathname) ||
  [...searchParams.keys()].some((name) => name.toLowerCase() === '$deltatoken');

interface Asked {
  readonly permissions: readonly string[];
  readonly isDelta: boolean;
}

function explain(
  status: number,
  codes: readonly string[],
  { permissions, isDelta }: Asked,
): [ErrorCode, string, string] {
  const has = (name: string) => codes.some((code) => code.toLowerCase() === name.toLowerCase());
  if (codes.some((code) => SYNC_STATE_LOST.has(code.toLowerCase())) || (status === 410 && isDelta)) {
    return ['graph_cursor_lost', 'Graph no longer knows the cursor', 'A full read follows by itself.'];
  }
  if (status === 401) {
    return [
      'graph_unauthorized',
      'Graph refused the token, and a new one as well',
      'Check that AZURE_AUTHORITY_HOST and GRAPH_BASE_URL belong to the same cloud, and the clock of this machine.',
    ];
  }
  if (has('Authentication_RequestFromNonPremiumTenantOrB2CTenant')) {
    return [
      'graph_license_missing',
      'This tenant has no Microsoft Entra ID P1 or P2 license',
      'Graph gives sign-in data only to tenants with that license. The other tasks work without it.',
    ];
  }
  if (status === 403) {
    const needed = permissions.length > 0 ? permissions.join(' and ') : 'the permission for this path';
    return [
      'graph_forbidden',
      `Graph forbids this: the application lacks ${needed}`,
      `Grant the application permission ${needed} in the app registration and have an administrator consent to it. A consent takes some minutes to reach new tokens.`,
    ];
  }
  // Without a cursor in the request, 410 says the same of the object: https://learn.microsoft.com/graph/errors
  if (status === 404 || status === 410)
    return [
      'graph_not_found',
      'Graph does not find this object',
      'It was removed a moment ago, or GRAPH_BASE_URL is no Graph.',
    ];
  if (status >= 500) return ['graph_unreachable', 'Graph goes on failing', 'Graph is in trouble: run it again later.'];
  if (status >= 400) {
    return [
      'graph_bad_request',
      'Graph refuses a request of ours',
      'This is a fault of Rollcall: please report it with the path and the code.',
    ];
  }
  return [
    'graph_failed',
    'Graph answered in a way that is not understood',
    'Please report it with the path and the status.',
  ];
}

/** Outermost first. */
function nestedCodes(error: Readonly<Record<string, unknown>>): string[] {
  const codes: string[] = [];
  for (let level: unknown = error; isRecord(level); level = level['innerError'] ?? level['innererror']) {
    if (typeof level['code'] === 'string' && level['code'] !== '') codes.push(level['code']);
  }
  return codes;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
