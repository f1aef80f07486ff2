import { pino } from 'pino';
import { graphRequest, graphResponse, scripted } from '../../../test/support/graph-request.js';
import { accessLog } from './access-log.js';

function capture() {
  const lines: Record<string, unknown>[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  return { log, lines };
}

const url = new URL('https://graph.example/v1.0/users?$select=id,mail&$top=999&$skiptoken=SECRETLYLONG');

test('an exchange is one line: what was read, the answer, and the ids that support asks for', async () => {
  const { log, lines } = capture();
  const { next, requests } = scripted(graphResponse(200, { 'request-id': 'r-1' }));
  await accessLog(log)(graphRequest({ url }), next);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({
    method: 'GET',
    path: '/v1.0/users?$select=id,mail&$top=999',
    status: 200,
    requestId: 'r-1',
  });
  expect(lines[0]?.['clientRequestId']).toBe(requests[0]?.headers['client-request-id']);
});

test('continuation tokens and access tokens stay out of the log', async () => {
  const { log, lines } = capture();
  const headers = { authorization: 'Bearer ey.secret' };
  await accessLog(log)(graphRequest({ url, headers }), scripted(graphResponse(200)).next);
  expect(JSON.stringify(lines)).not.toMatch(/SECRETLYLONG|ey\.secret/);
});

test('an exchange that fails is a warning, and each exchange counts', async () => {
  const { log, lines } = capture();
  const request = graphRequest({ url });
  await expect(accessLog(log)(request, () => Promise.reject(new Error('reset')))).rejects.toThrow('reset');
  expect(lines[0]).toMatchObject({ level: 40, error: 'reset' });
  expect(request.tally.requests).toBe(1);
});
