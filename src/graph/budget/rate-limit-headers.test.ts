import { graphResponse } from '../../../test/support/graph-request.js';
import { rateLimitsOf } from './rate-limit-headers.js';

test('what Graph says about its limits is read from the headers', () => {
  const headers = { 'retry-after': '2.5', 'x-ms-resource-unit': '3', 'x-ms-throttle-limit-percentage': '1.2' };
  expect(rateLimitsOf(graphResponse(429, headers))).toEqual({ throttled: true, waitMs: 2500, units: 3, used: 1.2 });
});

test('of an answer that says nothing, nothing is known', () => {
  const nothing = { throttled: false, waitMs: undefined, units: undefined, used: undefined };
  expect(rateLimitsOf(graphResponse(200))).toEqual(nothing);
  const nonsense = { 'x-ms-resource-unit': 'many', 'x-ms-throttle-limit-percentage': '-1' };
  expect(rateLimitsOf(graphResponse(200, nonsense))).toEqual(nothing);
});

test.each(['NaN', 'Infinity', '-1', '', ' ', '0x10', '1e400', '9'.repeat(400), '1,5', 'many'])(
  'a header that says %j says nothing',
  (value) => {
    const headers = { 'x-ms-resource-unit': value, 'x-ms-throttle-limit-percentage': value };
    expect(rateLimitsOf(graphResponse(200, headers))).toMatchObject({ units: undefined, used: undefined });
  },
);

test('no request is believed to cost more than a thousand units', () => {
  expect(rateLimitsOf(graphResponse(200, { 'x-ms-resource-unit': '1000000000000' })).units).toBe(1000);
});

test('a bucket is not believed to be fuller than twice its limit', () => {
  expect(rateLimitsOf(graphResponse(200, { 'x-ms-throttle-limit-percentage': '1000000000' })).used).toBe(2);
});

test('how long to wait counts only where somebody is refused', () => {
  expect(rateLimitsOf(graphResponse(200, { 'retry-after': '5' })).waitMs).toBeUndefined();
  expect(rateLimitsOf(graphResponse(503, { 'retry-after': '5' }))).toMatchObject({ throttled: false, waitMs: 5000 });
});
