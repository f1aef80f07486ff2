import { graphRequest, graphResponse, scripted } from '../../../test/support/graph-request.js';
import type { Next } from '../compose.js';
import { timeout } from './timeout.js';

/** Never answers; ends only when its signal does. */
const silent: Next = ({ signal }) =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () =>
      reject(signal.reason instanceof Error ? signal.reason : new Error('aborted')),
    );
  });

test('an answer in time passes', async () => {
  await expect(timeout()(graphRequest(), scripted(graphResponse(200)).next)).resolves.toMatchObject({ status: 200 });
});

test('an exchange that takes too long ends as unreachable, naming the host and the limit', async () => {
  const call = timeout()(graphRequest({ timeoutMs: 20 }), silent);
  await expect(call).rejects.toMatchObject({
    code: 'graph_unreachable',
    message: expect.stringMatching(/graph\.example.*0\.02 s/),
  });
});

test("the caller's own stop is not taken for a time-out", async () => {
  const stop = new AbortController();
  const call = timeout()(graphRequest({ signal: stop.signal }), silent);
  stop.abort(new Error('told to stop'));
  await expect(call).rejects.toThrow('told to stop');
});
