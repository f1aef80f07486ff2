import { graphResponse } from '../../../test/support/graph-request.js';
import { wordOf } from './word.js';

test('what Graph says about its limits is read from the headers', () => {
  const headers = { 'retry-after': '2.5', 'x-ms-resource-unit': '3', 'x-ms-throttle-limit-percentage': '1.2' };
  expect(wordOf(graphResponse(429, headers))).toEqual({ throttled: true, waitMs: 2500, units: 3, used: 1.2 });
});

test('of an answer that says nothing, nothing is known', () => {
  const nothing = { throttled: false, waitMs: undefined, units: undefined, used: undefined };
  expect(wordOf(graphResponse(200))).toEqual(nothing);
  const nonsense = { 'x-ms-resource-unit': 'many', 'x-ms-throttle-limit-percentage': '-1' };
  expect(wordOf(graphResponse(200, nonsense))).toEqual(nothing);
});

test('how long to wait counts only where somebody is refused', () => {
  expect(wordOf(graphResponse(200, { 'retry-after': '5' })).waitMs).toBeUndefined();
  expect(wordOf(graphResponse(503, { 'retry-after': '5' }))).toMatchObject({ throttled: false, waitMs: 5000 });
});
