import { limitOf } from './limits.js';

test.each([
  [undefined, 3500],
  [49, 3500],
  [50, 5000],
  [500, 5000],
  [501, 8000],
])('with %p users, the directory gives %d units in ten seconds', (users, units) => {
  expect(limitOf('directory', users, {})).toMatchObject({ units, windowMs: 10_000 });
});

test('reports give five requests in ten seconds, whatever the size', () => {
  expect(limitOf('reports', 100_000, {})).toMatchObject({ units: 5, windowMs: 10_000 });
});

test('a share of the limits can be left to others', () => {
  expect(limitOf('directory', 501, { percent: 25 }).units).toBe(2000);
});
