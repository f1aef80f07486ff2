import { graphRequest, graphResponse, scripted } from '../../../test/support/graph-request.js';
import { RollcallError, RetryLater } from '../../errors.js';
import type { TokenKeeper } from '../login/token-keeper.js';
import { auth } from './auth.js';

function tokens(): Pick<TokenKeeper, 'get' | 'forget'> & { readonly forgotten: string[] } {
  const forgotten: string[] = [];
  return {
    get: () => Promise.resolve({ value: `token ${forgotten.length}`, expiresAt: new Date() }),
    forget: (token) => void forgotten.push(token),
    forgotten,
  };
}

test("Graph's own host receives the token", async () => {
  const { next, requests } = scripted(graphResponse(200));
  await auth(tokens(), 'https://graph.example')(graphRequest(), next);
  expect(requests[0]?.headers).toEqual({ authorization: 'Bearer token 0' });
});

test.each([
  ['another host', 'https://evil.example/v1.0/users?$skiptoken=x'],
  ['another port', 'https://graph.example:8443/v1.0/users'],
  ['a host that only begins alike', 'https://graph.example.evil.example/v1.0/users'],
  ['an unencrypted connection', 'http://graph.example/v1.0/users'],
  ['a host behind a user name', 'https://graph.example@evil.example/v1.0/users'],
])('a link to %s is refused, and nothing is sent', async (_, link) => {
  const { next, requests } = scripted(graphResponse(200));
  const call = auth(tokens(), 'https://graph.example')(graphRequest({ url: new URL(link) }), next);
  await expect(call).rejects.toMatchObject({ code: 'graph_foreign_link' });
  expect(requests).toHaveLength(0);
});

test('a refused token is forgotten, and the next request brings another', async () => {
  const source = tokens();
  const layer = auth(source, 'https://graph.example');
  const { next, requests } = scripted(graphResponse(401), graphResponse(200));
  await layer(graphRequest(), next);
  await layer(graphRequest(), next);
  expect(source.forgotten).toEqual(['token 0']);
  expect(requests[1]?.headers).toEqual({ authorization: 'Bearer token 1' });
});

test('a login that asks for a long wait hands the work back for that long', async () => {
  const asks = new RollcallError('login_unreachable', 'it asks us to wait', 'wait', {
    facts: { retryAfterMs: 90_000 },
  });
  const source = { ...tokens(), get: () => Promise.reject(asks) };
  const { next, requests } = scripted(graphResponse(200));
  const error: unknown = await auth(source, 'https://graph.example')(graphRequest(), next).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(RetryLater);
  expect(error).toMatchObject({ delayMs: 90_000 });
  expect(requests).toHaveLength(0);
});
