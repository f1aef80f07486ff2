import { pino } from 'pino';
import { graphRequest, graphResponse, scripted } from '../../../test/support/graph-request.js';
import type { Exchange } from '../http/observe.js';
import { accessLog } from './access-log.js';

function capture() {
  const lines: Record<string, unknown>[] = [];
  const exchanges: Exchange[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  return { layer: accessLog(log, (exchange) => exchanges.push(exchange)), lines, exchanges };
}

const url = new URL('https://graph.example/v1.0/users?$select=id,mail&$top=999&$skiptoken=SECRETLYLONG');

test('an exchange is put on record: what was read, the answer, and the ids that support asks for', async () => {
  const { layer, lines, exchanges } = capture();
  const answer = graphResponse(200, { 'request-id': 'r-1', 'x-ms-resource-unit': '2' });
  const { next, requests } = scripted(answer);
  await layer(graphRequest({ url }), next);
  const recorded = {
    method: 'GET',
    uri: 'https://graph.example/v1.0/users?$select=id,mail&$top=999&$skiptoken=…',
    status: 200,
    error: null,
    attempt: 1,
    requestId: 'r-1',
    clientRequestId: requests[0]?.headers['client-request-id'],
    resourceUnits: 2,
  };
  expect(exchanges).toEqual([expect.objectContaining(recorded)]);
  expect(lines).toEqual([expect.objectContaining({ ...recorded, level: 20 })]);
});

test('continuation tokens and access tokens are on no record', async () => {
  const { layer, lines, exchanges } = capture();
  const headers = { authorization: 'Bearer ey.secret' };
  await layer(graphRequest({ url, headers }), scripted(graphResponse(200)).next);
  expect(JSON.stringify([lines, exchanges])).not.toMatch(/SECRETLYLONG|ey\.secret/);
});

test('an exchange without an answer says why, and each attempt has its number', async () => {
  const { layer, exchanges } = capture();
  const request = graphRequest({ url });
  await expect(layer(request, () => Promise.reject(new Error('reset')))).rejects.toThrow('reset');
  await layer(request, scripted(graphResponse(200)).next);
  expect(exchanges).toMatchObject([
    { status: null, error: 'reset', attempt: 1 },
    { status: 200, error: null, attempt: 2 },
  ]);
});

test('of a batch, each request inside it has a status of its own; an absurd one counts as none, as absurd costs do', async () => {
  const { layer, exchanges } = capture();
  const inner = ['/groups/a/members?$skiptoken=SECRETLYLONG', '/groups/b/members', '/groups/c/members'].map((path) => ({
    method: 'GET',
    url: new URL(`https://graph.example/v1.0${path}`),
    attempt: 2,
  }));
  const headers = { 'x-ms-resource-unit': '1e300', 'request-id': 'r-2' };
  const responses = [
    { id: '2', status: 1e15, headers: {} },
    { id: '1', status: 404, headers },
  ];
  const answer = { ...graphResponse(200, headers), body: { responses } };
  await layer(graphRequest({ url: new URL('https://graph.example/v1.0/$batch'), inner }), scripted(answer).next);
  expect(exchanges).toMatchObject([{ resourceUnits: null, inner: [{}, {}, {}] }]);
  const asked = { method: 'GET', attempt: 2, resourceUnits: null };
  expect(exchanges[0]!.inner).toEqual([
    {
      ...asked,
      uri: 'https://graph.example/v1.0/groups/a/members?$skiptoken=…',
      status: 404,
      error: null,
      requestId: 'r-2',
    },
    ...['b', 'c'].map((id) => ({
      ...asked,
      uri: `https://graph.example/v1.0/groups/${id}/members`,
      status: null,
      error: 'no answer: its batch ended with 200',
      requestId: null,
    })),
  ]);
});
