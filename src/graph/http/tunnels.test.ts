import { createConnectProxy, type ConnectProxy } from '../../../test/support/servers/connect-proxy.js';
import { networkReason } from './network-reason.js';
import { createTransport, type Transport } from './transport.js';
import { tunnelsThrough } from './tunnels.js';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

async function newProxy(silent: 'hangs-up' | 'keeps'): Promise<ConnectProxy> {
  const proxy = await createConnectProxy({ silent });
  open.push(proxy);
  return proxy;
}

function transportBy({ url }: ConnectProxy): Transport {
  const transport = createTransport({ proxy: { url, except: '' } });
  open.push(transport);
  return transport;
}

const GRAPH = { method: 'GET', url: new URL('https://graph.example/v1.0/users'), headers: {} } as const;
const thrownBy = (work: Promise<unknown>) => work.catch((thrown: unknown) => thrown);

test('a proxy that hangs up is an error that says so, and is not asked again by itself', async () => {
  const proxy = await newProxy('hangs-up');
  const error = await thrownBy(transportBy(proxy).send(GRAPH));
  expect(networkReason(error)).toBe('the proxy that HTTPS_PROXY names closed the connection');
  expect(proxy.tunnels).toEqual(['graph.example:443']);
});

test('a proxy that says nothing keeps nobody who is told to stop', async () => {
  const proxy = await newProxy('keeps');
  const stop = new AbortController();
  const sending = thrownBy(transportBy(proxy).send({ ...GRAPH, signal: stop.signal }));
  while (proxy.tunnels.length === 0) await new Promise(setImmediate);
  stop.abort(new Error('told to stop'));
  expect(await sending).toEqual(new Error('told to stop'));
});

test('a proxy that says nothing is an error that names the time it had', async () => {
  const proxy = await newProxy('keeps');
  const tunnels = tunnelsThrough(50)(new URL(proxy.url), {});
  open.push(tunnels);
  const error = await thrownBy(tunnels.connect({ origin: proxy.url, path: 'graph.example:443' }));
  expect(networkReason(error)).toBe('no answer from the proxy that HTTPS_PROXY names within 0.05 s');
});
