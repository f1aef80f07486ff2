import { RetryLater, RollcallError } from '../../errors.js';
import { graphRequest, graphResponse, scripted } from '../../../test/support/graph-request.js';
import { retry } from './retry.js';

const OK = graphResponse(200);
const layer = retry({ retries: 3, firstWaitMs: 1, longestWaitMs: 2, throttledRetries: 2, handBackMs: 60_000 });
const unreachable = () => new RollcallError('graph_unreachable', 'reset', 'try again');

test.each([
  ['a server error', graphResponse(500)],
  ['a bad gateway', graphResponse(502)],
  ['an unavailable service', graphResponse(503)],
  ['a gateway time-out', graphResponse(504)],
  ['a lost race in the directory', graphResponse(409)],
  ['a connection that broke', unreachable()],
  ['an unreadable body', new RollcallError('graph_unreadable', 'half a body', 'try again')],
  ['throttling', graphResponse(429)],
  ['a refused token', graphResponse(401)],
])('%s is repeated', async (_, failure) => {
  const { next, requests } = scripted(failure, OK);
  const request = graphRequest();
  await expect(layer(request, next)).resolves.toBe(OK);
  expect(requests).toHaveLength(2);
  expect(request.tally.retries).toBe(1);
});

test.each([400, 403, 404, 410, 501])('an answer %d is final', async (status) => {
  const { next, requests } = scripted(graphResponse(status));
  await expect(layer(graphRequest(), next)).resolves.toMatchObject({ status });
  expect(requests).toHaveLength(1);
});

test('a server that goes on failing is given up, with its last answer', async () => {
  const { next, requests } = scripted(...Array.from({ length: 9 }, () => graphResponse(503)));
  await expect(layer(graphRequest(), next)).resolves.toMatchObject({ status: 503 });
  expect(requests).toHaveLength(4);
});

test('a network that goes on failing is given up, with its last error', async () => {
  const { next, requests } = scripted(...Array.from({ length: 9 }, unreachable));
  await expect(layer(graphRequest(), next)).rejects.toMatchObject({ code: 'graph_unreachable' });
  expect(requests).toHaveLength(4);
});

test('a token that is refused twice is not tried a third time', async () => {
  const { next, requests } = scripted(graphResponse(401), graphResponse(401));
  await expect(layer(graphRequest(), next)).resolves.toMatchObject({ status: 401 });
  expect(requests).toHaveLength(2);
});

test('throttling that goes on hands the work back', async () => {
  const { next, requests } = scripted(...Array.from({ length: 9 }, () => graphResponse(429)));
  await expect(layer(graphRequest(), next)).rejects.toMatchObject({ name: 'RetryLater', delayMs: 60_000 });
  expect(requests).toHaveLength(3);
});

test('throttling uses up none of the repeats that failures have', async () => {
  const { next } = scripted(
    graphResponse(429),
    graphResponse(503),
    graphResponse(429),
    graphResponse(503),
    graphResponse(503),
    OK,
  );
  await expect(layer(graphRequest(), next)).resolves.toBe(OK);
});

test.each([
  ['a foreign link', new RollcallError('graph_foreign_link', 'elsewhere', 'nothing')],
  ['a refused login', new RollcallError('login_refused', 'wrong secret', 'correct it')],
  ['a long wait', new RetryLater(3_600_000, 'an hour')],
  ['a bug', new TypeError('x is not a function')],
])('%s passes through at once', async (_, error) => {
  const { next, requests } = scripted(error);
  await expect(layer(graphRequest(), next)).rejects.toBe(error);
  expect(requests).toHaveLength(1);
});

test('an aborted request is not repeated', async () => {
  const stop = new AbortController();
  const { next, requests } = scripted(graphResponse(503), OK);
  const stopping = (request: Parameters<typeof next>[0]) => {
    stop.abort(new Error('stop'));
    return next(request);
  };
  await expect(layer(graphRequest({ signal: stop.signal }), stopping)).rejects.toThrow('stop');
  expect(requests).toHaveLength(1);
});
