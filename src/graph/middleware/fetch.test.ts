import { graphRequest } from '../../../test/support/graph-request.js';
import type { Incoming, Transport } from '../http/transport.js';
import { fetch } from './fetch.js';

const PAGE = '{"value":[]}';

function transportThat(send: () => Promise<Partial<Incoming>>): Transport & { renewed: number } {
  const transport = {
    renewed: 0,
    send: async () => ({ status: 200, headers: {}, text: PAGE, bytes: PAGE.length, ...(await send()) }),
    renew: () => void (transport.renewed += 1),
    close: () => Promise.resolve(),
  };
  return transport;
}
const answering = (answer: Partial<Incoming>) => transportThat(() => Promise.resolve(answer));
const end = () => Promise.reject(new Error('never called'));

test('a body arrives parsed, and its bytes are counted', async () => {
  const request = graphRequest();
  await expect(fetch(answering({}))(request, end)).resolves.toEqual({ status: 200, headers: {}, body: { value: [] } });
  expect(request.tally.bytes).toBe(PAGE.length);
});

test.each([
  ['half a body', '{"value":[{"id"'],
  ['no body', ''],
  ["a gateway's page", '<html>Sign in to the network</html>'],
  ['JSON that is not what was asked for', '{"hello":"world"}'],
])('%s with status 200 is unreadable', async (_, text) => {
  const isExpected = (body: unknown) => typeof body === 'object' && body !== null && 'value' in body;
  const call = fetch(answering({ text }))(graphRequest({ isExpected }), end);
  await expect(call).rejects.toMatchObject({ code: 'graph_unreadable' });
});

test("an error's body may be anything", async () => {
  const transport = answering({ status: 503, text: '<html>' });
  await expect(fetch(transport)(graphRequest(), end)).resolves.toEqual({ status: 503, headers: {}, body: undefined });
});

test.each([
  ['a server in trouble', answering({ status: 503 }), 1],
  [
    'a connection that broke',
    transportThat(() => Promise.reject(Object.assign(new Error('x'), { code: 'ECONNRESET' }))),
    1,
  ],
  ['a good answer', answering({}), 0],
  ['a throttled answer', answering({ status: 429 }), 0],
])('after %s the next request uses a new connection: %#', async (_, transport, renewed) => {
  await fetch(transport)(graphRequest(), end).catch(() => {});
  expect(transport.renewed).toBe(renewed);
});

test('what breaks on the network is unreachable, and says where', async () => {
  const transport = transportThat(() => Promise.reject(new Error('getaddrinfo ENOTFOUND graph.example')));
  const call = fetch(transport)(graphRequest(), end);
  await expect(call).rejects.toMatchObject({
    code: 'graph_unreachable',
    message: expect.stringContaining('graph.example'),
  });
});

test('an aborted request fails with its own reason', async () => {
  const stop = new AbortController();
  stop.abort(new Error('told to stop'));
  const transport = transportThat(() => Promise.reject(new Error('told to stop')));
  await expect(fetch(transport)(graphRequest({ signal: stop.signal }), end)).rejects.toThrow('told to stop');
});

const MILLIONS = 2_100_000;
test.each([
  ['objects', `{"value":[${'{},'.repeat(MILLIONS)}{}]}`],
  ['numbers', `{"value":[${'1,'.repeat(MILLIONS)}1]}`],
  ['lists in lists', `${'['.repeat(MILLIONS)}${']'.repeat(MILLIONS)}`],
])('a body of millions of %s is refused before it fills the memory', async (_, text) => {
  await expect(fetch(answering({ text }))(graphRequest(), end)).rejects.toMatchObject({
    code: 'graph_unreadable',
    message: expect.stringContaining('a list of millions of values'),
  });
});

test('a body is not refused for its length', async () => {
  const value = Array.from({ length: 999 }, () => 'x'.repeat(5000));
  const call = fetch(answering({ text: JSON.stringify({ value }) }))(graphRequest(), end);
  await expect(call).resolves.toMatchObject({ body: { value } });
});

test.each([
  ['', 'an empty body'],
  ['<!DOCTYPE html><title>Sign in</title>', 'a page of HTML or XML'],
  ['{"value":[{"id"', '15 characters that are no JSON'],
  ['{"hello":"world"}', 'JSON that is not what was asked for'],
])('the body %j is called %s', async (text, found) => {
  const call = fetch(answering({ text }))(graphRequest({ isExpected: () => false }), end);
  await expect(call).rejects.toMatchObject({ message: expect.stringContaining(`answered with ${found}; expected`) });
});
