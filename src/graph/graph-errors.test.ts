import { existsSync, readFileSync } from 'node:fs';
import { graphResponse } from '../../test/support/graph-request.js';
import { hasGraphReference } from '../../test/support/part.js';
import { graphError } from './graph-errors.js';

const url = new URL('https://graph.example/v1.0/users');
const body = (code: string, inner?: object) => ({
  error: { code, message: 'words', ...(inner ? { innerError: inner } : {}) },
});

test.each([
  [400, body('Directory_ExpiredPageToken'), 'graph_page_expired'],
  [400, body('Request_BadRequest', { code: 'Directory_ExpiredPageToken' }), 'graph_page_expired'],
  [400, body('syncStateNotFound'), 'graph_cursor_lost'],
  [410, body('resyncRequired'), 'graph_cursor_lost'],
  [404, body('SyncStateNotFound'), 'graph_cursor_lost'],
  [400, body('Request_BadRequest'), 'graph_bad_request'],
  [401, body('InvalidAuthenticationToken'), 'graph_unauthorized'],
  [403, body('Authorization_RequestDenied'), 'graph_forbidden'],
  [403, body('Authentication_MSGraphPermissionMissing'), 'graph_forbidden'],
  [403, undefined, 'graph_forbidden'],
  [403, body('Authentication_RequestFromNonPremiumTenantOrB2CTenant'), 'graph_license_missing'],
  [404, body('Request_ResourceNotFound'), 'graph_not_found'],
  [503, undefined, 'graph_unreachable'],
  [302, undefined, 'graph_failed'],
])('%d with %j is %s', (status, payload, code) => {
  expect(graphError(graphResponse(status, {}, payload), url, []).code).toBe(code);
});

test('the audit log, which has no code for a page token that it lost, is understood by its link', () => {
  const lost = graphResponse(400, {}, body('UnknownError'));
  const page = new URL('https://graph.example/v1.0/auditLogs/signIns?$skiptoken=abc');
  expect(graphError(lost, page, []).code).toBe('graph_page_expired');
  expect(graphError(graphResponse(400, {}, body('')), page, []).code).toBe('graph_page_expired');
  expect(graphError(graphResponse(400, {}, body('Request_BadRequest')), page, []).code).toBe('graph_bad_request');
  expect(graphError(lost, url, []).code).toBe('graph_bad_request');
});

test.each([204, 205, 206, 302, 304, 307, 399])('%d is no answer of Graph, and no fault to report', (status) => {
  const { code, message, advice } = graphError(graphResponse(status, {}, undefined), url, []);
  expect(code).toBe('graph_failed');
  expect(message).toContain(String(status));
  expect(advice).toContain('HTTPS_PROXY');
  expect(advice).not.toMatch(/report/);
});

test('a redirect is named by its host alone', () => {
  const headers = { location: 'https://login.proxy.example/sign-in?user=ann&key=hunter2' };
  const { message } = graphError(graphResponse(302, headers, undefined), url, []);
  expect(message).toContain('A redirect to login.proxy.example came back');
  expect(message).not.toMatch(/ann|hunter2|sign-in/);
  const relative = graphResponse(307, { location: '/v1.0/elsewhere?key=hunter2' }, undefined);
  expect(graphError(relative, url, []).message).toContain('A redirect to graph.example came back');
});

test.each([404, 410, 500, 503])("Graph's words of a %d may name people, and are not repeated", (status) => {
  const answer = { error: { code: 'Request_ResourceNotFound', message: "Resource 'ann@contoso.com' does not exist" } };
  const error = graphError(graphResponse(status, {}, answer), url, []);
  expect(JSON.stringify([error.message, error.advice, error.facts])).not.toContain('ann@contoso.com');
});

test('what stands in place of a code and is none is not repeated either', () => {
  for (const code of ['Ann Smith was not found', 'x'.repeat(101), '\u001B]0;title\u0007']) {
    const error = graphError(graphResponse(404, {}, { error: { code, message: '' } }), url, []);
    expect(error.message).toBe('Graph does not find this object (/v1.0/users: 404)');
    expect(error.facts['graphCode']).toBe('');
  }
});

test("Graph's words are cut, laid in one line, and shown where a terminal would obey them", () => {
  const message = `no\n\u001B[2J\u202E ${'x'.repeat(1000)}`;
  const said = graphError(graphResponse(403, {}, { error: { code: 'Forbidden', message } }), url, []).message;
  expect(said).toContain(String.raw`403 Forbidden no \u{1b}[2J\u{202e} xxx`);
  expect(said.length).toBeLessThan(600);
});

const words = (message: string) => ({ error: { code: 'InvalidAuthenticationToken', message } });

test.each([
  ['no service principal', body('Authorization_IdentityNotFound'), /has no enterprise application or no consent/],
  ['disabled', body('Authorization_IdentityDisabled'), /application is disabled/],
  ['another audience', words('Access token validation failure. Invalid audience.'), /token for another service/],
  ['expired', words('Lifetime validation failed, the token is expired.'), /has expired, or is not valid yet/],
  ['not valid yet', words('Access token has expired or is not yet valid.'), /has expired, or is not valid yet/],
  ['expired, an older code', body('Authentication_ExpiredToken'), /has expired, or is not valid yet/],
  ['a wrong signature', words('Signature is invalid.'), /does not trust the signature/],
  [
    'an unknown tenant',
    words('The tenant for tenant guid 1 does not exist.'),
    /of a tenant that this Graph does not know/,
  ],
  ['empty', words('Access token is empty.'), /no token arrived that Graph can read/],
  ['cut', words('CompactToken parsing failed with error code: 80049217'), /no token arrived that Graph can read/],
  ['cut, an older code', body('Authentication_MissingOrMalformed'), /no token arrived that Graph can read/],
  [
    'revoked',
    words('Continuous access evaluation resulted in challenge with result: InteractionRequired'),
    /revoked, or a Conditional Access policy/,
  ],
  ['nested', body('Unauthorized', { code: 'Authorization_IdentityNotFound' }), /no enterprise application/],
  [
    'an unknown code',
    body('Authentication_Strange'),
    /^Graph refused the token, and a new one as well \(.*401 Authentication_Strange/,
  ],
  ['no code at all', undefined, /^Graph refused the token, and a new one as well \(\/v1.0\/users: 401\)$/],
])('a 401 says what its code means: %s', (_, payload, expected) => {
  const { code, message, advice } = graphError(graphResponse(401, {}, payload), url, []);
  expect(code).toBe('graph_unauthorized');
  expect(message).toMatch(expected);
  expect(advice).not.toBe('');
});

test('a missing consent is not blamed on the cloud or the clock', () => {
  const { advice } = graphError(graphResponse(401, {}, body('Authorization_IdentityNotFound')), url, []);
  expect(advice).not.toMatch(/AZURE_AUTHORITY_HOST|clock/);
  expect(advice).toContain('consent');
});

test('a challenge in a header is understood whatever the code', () => {
  const headers = { 'www-authenticate': 'Bearer realm="", error="insufficient_claims", claims="e30="' };
  expect(graphError(graphResponse(401, headers, undefined), url, []).message).toMatch(/Conditional Access policy/);
  expect(graphError(graphResponse(403, headers, undefined), url, []).message).toMatch(/Conditional Access policy/);
});

const at = (path: string) => new URL(`https://graph.example/v1.0/${path}`);
const DENIED = body('Authorization_RequestDenied');
const forbidden = (path: string, roles: readonly string[], payload: object = DENIED) =>
  graphError(graphResponse(403, {}, payload), at(path), ['Application.Read.All', 'User.Read.All'], roles);

test('a 403 names the permission of its path, not those of the whole task, and none that the token has', () => {
  const error = forbidden('organization', ['User.ReadWrite.All', 'Application.Read.All']);
  expect(error.message).toMatch(/^Graph forbids this: the application lacks User\.Read\.All \(/);
  expect(error.message + error.advice).not.toMatch(/Application|ReadWrite/);
});

test.each([
  ['organization', 'User.Read.All'],
  ['organization', 'Organization.Read.All'],
  ['servicePrincipals/1/appRoleAssignedTo', 'Application.ReadWrite.All'],
  ['groups/1/members', 'GroupMember.ReadBasic.All'],
  ['users/delta', 'User.ReadWrite.All'],
  ['auditLogs/signIns', 'AuditLog.Read.All'],
])('a 403 of %s although the token has %s says so, with what Graph says and the likely causes', (path, role) => {
  const error = forbidden(path, [role]);
  expect(error.message).toMatch(/^Graph forbids this although the token has /);
  expect(error.message).toContain(`has ${role} (/v1.0/${path}: 403 Authorization_RequestDenied words)`);
  expect(error.advice).toMatch(/No permission is missing.*Conditional Access.*restricted management/);
  expect(error.advice).not.toContain('Grant');
});

test('hidden membership and a missing license are likely where they can be', () => {
  expect(forbidden('groups/1/members', ['GroupMember.Read.All']).advice).toContain('Member.Read.Hidden');
  const all = ['GroupMember.Read.All', 'Member.Read.Hidden'];
  expect(forbidden('groups/1/members', all).advice).not.toContain('Member.Read.Hidden');
  expect(forbidden('auditLogs/signIns', ['AuditLog.Read.All']).advice).toContain('P1 or P2');
});

test('a permission that Graph itself names is named if the token lacks it', () => {
  const names = (message: string) => ({ error: { code: 'Authentication_MSGraphPermissionMissing', message } });
  const payload = names(
    'The principal does not have required Microsoft Graph permission(s): Policy.Read.All to call this API.',
  );
  expect(forbidden('auditLogs/signIns', ['AuditLog.Read.All'], payload).message).toContain('lacks Policy.Read.All (');
  const had = names(
    'The principal does not have required Microsoft Graph permission(s): AuditLog.Read.All to call this API.',
  );
  expect(forbidden('auditLogs/signIns', ['AuditLog.Read.All'], had).message).toContain('although the token has');
});

test('a path that is not known falls back to what the task needs and the token lacks', () => {
  const error = forbidden('devices', ['User.Read.All']);
  expect(error.message).toContain('lacks Application.Read.All (');
  expect(forbidden('devices', ['User.Read.All', 'Application.Read.All']).message).toContain('although the token has');
});

test('a missing permission is named, with what to do', () => {
  const error = graphError(graphResponse(403, {}, body('Authorization_RequestDenied')), url, ['User.Read.All']);
  expect(error.message).toContain('User.Read.All');
  expect(error.advice).toContain('Grant the application permission User.Read.All');
});

const samples = new URL('../../../shared/graph/samples/', import.meta.url);
const official = hasGraphReference(existsSync(samples)) ? test : test.skip;

official.each([
  ['error__400_Directory_ExpiredPageToken', 400, 'graph_page_expired'],
  ['error__400_syncStateNotFound_directory', 400, 'graph_cursor_lost'],
  ['error__410_resyncRequired_directory', 410, 'graph_cursor_lost'],
  ['error__401_InvalidAuthenticationToken_expired', 401, 'graph_unauthorized'],
  ['error__403_Authorization_RequestDenied', 403, 'graph_forbidden'],
  ['error__403_NonPremiumTenant_signIns', 403, 'graph_license_missing'],
  ['error__404_Request_ResourceNotFound', 404, 'graph_not_found'],
  ['error__503_serviceNotAvailable', 503, 'graph_unreachable'],
])('the official sample %s is understood', (file, status, code) => {
  const sample: unknown = JSON.parse(readFileSync(new URL(`${file}.json`, samples), 'utf8'));
  expect(graphError(graphResponse(status, {}, sample), url, []).code).toBe(code);
});
