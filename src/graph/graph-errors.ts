import { z } from 'zod';
import { RollcallError, type ErrorCode } from '../errors.js';
import { visibleInLine } from '../visible.js';
import { belowVersion } from './http/below-version.js';
import type { GraphResponse } from './compose.js';
import { redirectHost } from './http/redirect.js';
import { refusedPermission } from './refusals/refused-permission.js';
import { refusedToken } from './refusals/refused-token.js';

/** Graph nests its codes, spells the member both ways, and may leave code and message empty. */
const errorBody = z.object({ error: z.looseObject({ code: z.string().catch(''), message: z.string().catch('') }) });

const SYNC_STATE_LOST = new Set([
  'syncstatenotfound',
  'resyncrequired',
  'resyncchangesapplydifferences',
  'resyncchangesuploaddifferences',
]);

/** What the error of a response depends on, apart from the response. */
export interface Asked {
  readonly url: URL;
  /** What the reader needs, for paths whose permissions are not known. */
  readonly permissions: readonly string[];
  /** What the token may do; undefined if it does not say. */
  readonly roles?: readonly string[] | undefined;
}

/** Of these Graph's words are about us, our token or our set-up. Of others they may name people. */
const TELLING = new Set([400, 401, 403]);
const LONGEST_WORDS = 300;
/** Codes are single words. Anything else is not a code, and may be anything. */
const CODE = /^[\w.-]{1,100}$/;

/**
 * A response that is no success, as an error that says what to do.
 * @param permissions what the task needs, for paths whose permissions are not known
 * @param roles what the token may do, by which a 403 is explained; undefined if it does not say
 * @see https://learn.microsoft.com/graph/errors
 */
export function graphError(
  response: GraphResponse,
  url: URL,
  permissions: readonly string[],
  roles?: readonly string[],
): RollcallError {
  const { status } = response;
  const parsed = errorBody.safeParse(response.body);
  const codes = parsed.success ? nestedCodes(parsed.data.error) : [];
  const message = parsed.success ? parsed.data.error.message : '';
  const said = TELLING.has(status) ? visibleInLine(message.replaceAll(/\s+/g, ' ').trim()).slice(0, LONGEST_WORDS) : '';
  const [code, reason, advice] = lostItsPage(status, codes, url)
    ? PAGE_EXPIRED
    : explain(response, { codes, message }, { url, permissions, roles });
  const graphCode = codes.at(-1) ?? '';
  const found = [status, graphCode, said].filter((part) => part !== '').join(' ');
  return new RollcallError(code, `${reason} (${url.pathname}: ${found})`, advice, {
    facts: { status, graphCode, requestId: response.headers['request-id'] },
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

interface Said {
  readonly codes: readonly string[];
  readonly message: string;
}

function explain(
  response: GraphResponse,
  { codes, message }: Said,
  { url, permissions, roles }: Asked,
): readonly [ErrorCode, string, string] {
  const { status, headers } = response;
  // Continuous access evaluation says so in a header: https://learn.microsoft.com/entra/identity-platform/claims-challenge
  const challenge = /insufficient_claims/i.test(headers['www-authenticate'] ?? '') ? ' insufficient_claims' : '';
  const has = (name: string) => codes.some((code) => code.toLowerCase() === name.toLowerCase());
  if (codes.some((code) => SYNC_STATE_LOST.has(code.toLowerCase())) || (status === 410 && asksForDelta(url))) {
    return ['graph_cursor_lost', 'Graph no longer knows the cursor', 'A full read follows by itself.'];
  }
  if (status === 401) return ['graph_unauthorized', ...refusedToken(codes, message + challenge)];
  if (has('Authentication_RequestFromNonPremiumTenantOrB2CTenant')) return LICENSE_MISSING;
  if (status === 403) {
    const path = belowVersion(url);
    return ['graph_forbidden', ...refusedPermission({ path, message: message + challenge, permissions, roles })];
  }
  // Without a cursor in the request, 410 says the same of the object: https://learn.microsoft.com/graph/errors
  if (status === 404 || status === 410) return NOT_FOUND;
  if (status >= 500) return IN_TROUBLE;
  if (status === 407 || status === 511) return PROXY_REFUSES;
  if (status >= 400) return BAD_REQUEST;
  return ['graph_failed', notGraph(response, url), NO_GRAPH_ADVICE];
}

const LICENSE_MISSING = [
  'graph_license_missing',
  'This tenant has no Microsoft Entra ID P1 or P2 license',
  'Graph gives sign-in data only to tenants with that license. The other tasks work without it.',
] as const;
const NOT_FOUND = [
  'graph_not_found',
  'Graph does not find this object',
  'It was removed a moment ago, or GRAPH_BASE_URL is no Graph.',
] as const;
const IN_TROUBLE = [
  'graph_unreachable',
  'Graph answers with errors, also when asked again',
  'Graph, or a proxy on the way to it, has a problem. Run it again later; https://status.cloud.microsoft shows known outages.',
] as const;
const PROXY_REFUSES = [
  'graph_failed',
  'A proxy on the way to Graph wants a login',
  'Give HTTPS_PROXY a user and a password, or have the proxy let this machine through.',
] as const;
const BAD_REQUEST = [
  'graph_bad_request',
  'Graph refuses this request',
  'See what Graph says. If GRAPH_BASE_URL is the address of Graph and nothing on the way changes requests, please report it with the path and the code.',
] as const;

/** Graph answers a GET with 200 or with an error. */
function notGraph(response: GraphResponse, url: URL): string {
  const { status } = response;
  const host = redirectHost(response, url);
  if (host !== undefined) return `A redirect to ${host} came back in place of an answer`;
  if (status === 304)
    return 'An answer came back that refers to a cache (304), in place of the list that was asked for';
  if (status === 204 || status === 205) return 'An empty answer came back in place of what was asked for';
  return 'An answer came back that Graph does not give';
}

const NO_GRAPH_ADVICE =
  'A proxy, a gateway or the login page of a network answers in place of Graph. Nothing was sent elsewhere. Check HTTPS_PROXY, NO_PROXY and GRAPH_BASE_URL (or AZURE_CLOUD).';

/** Outermost first. */
function nestedCodes(error: Readonly<Record<string, unknown>>): string[] {
  const codes: string[] = [];
  for (let level: unknown = error; isRecord(level); level = level['innerError'] ?? level['innererror']) {
    if (typeof level['code'] === 'string' && CODE.test(level['code'])) codes.push(level['code']);
  }
  return codes;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Whether Graph cannot tell what has changed: it has forgotten the cursor, or knows no delta here (400, 404, 501). */
export const isLost = (error: unknown): boolean =>
  error instanceof RollcallError &&
  (['graph_cursor_lost', 'graph_not_found', 'graph_bad_request'].includes(error.code) || error.facts.status === 501);
