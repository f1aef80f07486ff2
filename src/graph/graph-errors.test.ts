import { existsSync, readFileSync } from 'node:fs';
import { graphResponse } from '../../test/support/graph-request.js';
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

test('a missing permission is named, with what to do', () => {
  const error = graphError(graphResponse(403, {}, body('Authorization_RequestDenied')), url, ['User.Read.All']);
  expect(error.message).toContain('User.Read.All');
  expect(error.advice).toContain('Grant the application permission User.Read.All');
});

const samples = new URL('../../../shared/graph/samples/', import.meta.url);
const official = existsSync(samples) ? test : test.skip;
if (!existsSync(samples))
  process.stderr.write('No folder with official samples beside the checkout: they are not read.\n');

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
