import { graphRequest, graphResponse, scripted } from '../../../test/support/graph-request.js';
import { telemetry, type Cost } from './telemetry.js';

test.each([
  ['that succeeds', graphResponse(200)],
  ['that fails', new Error('no network')],
])('a call %s reports its cost once, repeats included', async (_, last) => {
  const costs: Cost[] = [];
  const { next } = scripted(graphResponse(503), last);
  const twice = async (request: Parameters<typeof next>[0]) => {
    await next(request);
    return next(request);
  };
  await telemetry((cost) => costs.push(cost))(graphRequest(), twice).catch(() => {});
  expect(costs).toEqual([{ requests: 2, retries: 0, bytes: 0, throttledMs: 0 }]);
});
