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

test.each([
  ['graph.microsoft.com', 8000],
  ['dod-graph.microsoft.us', 8000],
  ['microsoftgraph.chinacloudapi.cn', 8000],
  ['localhost', 1_000_000],
  ['graph.microsoft.com.example', 1_000_000],
])('at %s, %d units are taken to be allowed', (host, units) => {
  expect(limitOf('directory', 501, { host }).units).toBe(units);
});
