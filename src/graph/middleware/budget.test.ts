import { setTimeout as sleep } from 'node:timers/promises';
import { graphRequest, graphResponse, scripted } from '../../../test/support/graph-request.js';
import { createBudget } from '../budget/budget.js';
import { budget } from './budget.js';

const OK = graphResponse(200);
const throttled = (retryAfter?: string) =>
  graphResponse(429, retryAfter === undefined ? {} : { 'retry-after': retryAfter });

function frozenBudget() {
  let now = 0;
  return { shared: createBudget({}, () => now), pass: (ms: number) => (now += ms) };
}

test('a throttled answer pauses everyone who shares the budget, for as long as it says', async () => {
  const { shared, pass } = frozenBudget();
  await budget(shared)(graphRequest(), scripted(throttled('2.5')).next);
  expect(shared.pauseLeftMs()).toBe(2500);
  pass(2500);
  expect(shared.pauseLeftMs()).toBe(0);
});

test('an unavailable service that says how long pauses everyone too', async () => {
  const { shared } = frozenBudget();
  await budget(shared)(graphRequest(), scripted(graphResponse(503, { 'retry-after': '3' })).next);
  expect(shared.pauseLeftMs()).toBe(3000);
});

test('a throttled answer that does not say how long pauses longer each time', async () => {
  const { shared, pass } = frozenBudget();
  const layer = budget(shared);
  await layer(graphRequest(), scripted(throttled()).next);
  const first = shared.pauseLeftMs();
  pass(first);
  await layer(graphRequest(), scripted(throttled()).next);
  expect(first).toBeGreaterThanOrEqual(1000);
  expect(shared.pauseLeftMs()).toBeGreaterThanOrEqual(2000);
});

test('an endless "retry at once" is not obeyed for ever', async () => {
  const { shared } = frozenBudget();
  const layer = budget(shared);
  await layer(graphRequest(), scripted(throttled('0')).next);
  expect(shared.pauseLeftMs()).toBe(0);
  await layer(graphRequest(), scripted(throttled('0')).next);
  expect(shared.pauseLeftMs()).toBeGreaterThanOrEqual(2000);
});

test('a shorter pause never cuts a longer one', async () => {
  const { shared } = frozenBudget();
  await shared.pause('directory', 5000);
  await shared.pause('directory', 1000);
  expect(shared.pauseLeftMs()).toBe(5000);
});

test('nothing is sent before the pause is over, and the wait is counted', async () => {
  const { shared, pass } = frozenBudget();
  await shared.pause('directory', 30);
  const { next, requests } = scripted(OK);
  const request = graphRequest();
  const sending = budget(shared)(request, next);
  // Longer than the pause by the clock on the wall, which is not the one that counts.
  await sleep(60);
  expect(requests).toHaveLength(0);
  pass(30);
  await sending;
  expect(requests).toHaveLength(1);
  expect(request.tally.throttledMs).toBeGreaterThanOrEqual(30);
});

test('a request that was paying when a pause began is not sent into it', async () => {
  const { shared, pass } = frozenBudget();
  // As another worker's complaint arrives: while the shared books are asked for the units.
  let payments = 0;
  const pay: typeof shared.pay = async (price) => {
    const waitMs = await shared.pay(price);
    payments += 1;
    if (payments === 1) await shared.pause('directory', 120_000);
    return waitMs;
  };
  const { next, requests } = scripted(OK);
  await expect(budget({ ...shared, pay })(graphRequest(), next)).rejects.toMatchObject({
    name: 'RetryLater',
    delayMs: 120_000,
  });
  expect(requests).toHaveLength(0);
  pass(120_000);
  await budget({ ...shared, pay })(graphRequest(), next);
  expect(requests).toHaveLength(1);
});

test('a long wait hands the work back at once', async () => {
  const { shared } = frozenBudget();
  await shared.pause('directory', 3_600_000);
  const { next, requests } = scripted(OK);
  await expect(budget(shared)(graphRequest(), next)).rejects.toMatchObject({ name: 'RetryLater', delayMs: 3_600_000 });
  expect(requests).toHaveLength(0);
});

test('whoever waits can be told to stop', async () => {
  const shared = createBudget();
  await shared.pause('directory', 50_000);
  const stop = new AbortController();
  const waiting = budget(shared)(graphRequest({ signal: stop.signal }), scripted(OK).next);
  stop.abort();
  await expect(waiting).rejects.toThrow('aborted');
});

test('those who are throttled together are throttled once, not one after the other', async () => {
  const { shared } = frozenBudget();
  const layer = budget(shared);
  const together = Array.from({ length: 20 }, () => layer(graphRequest(), scripted(throttled('2')).next));
  await Promise.all(together);
  expect(shared.pauseLeftMs()).toBe(2000);
});

test('those who wait at the same time lose the time once', async () => {
  const { shared, pass } = frozenBudget();
  const layer = budget(shared);
  await shared.pause('directory', 50);
  const requests = Array.from({ length: 10 }, () => graphRequest());
  const began = performance.now();
  const sent = requests.map((request) => layer(request, scripted(OK).next));
  const starting = performance.now() - began;
  pass(50);
  await Promise.all(sent);
  const lost = requests.reduce((total, { tally }) => total + tally.throttledMs, 0);
  expect(lost).toBeGreaterThanOrEqual(50);
  expect(lost).toBeLessThanOrEqual(50 + starting);
});

/** Books that say how long to wait, one answer after the other; the last one for ever. */
function booksThatSay(...waits: number[]) {
  const shared = createBudget();
  let asked = 0;
  const lease = () => {
    const waitMs = waits[Math.min(asked, waits.length - 1)] ?? 0;
    asked += 1;
    return Promise.resolve({ waitMs, pauseMs: 0, full: 1 });
  };
  const store = { lease, pause: () => Promise.resolve(), onPause() {} };
  const away: unknown[] = [];
  shared.share({ store, countUsers: () => Promise.resolve(1), onAway: (error) => away.push(error) });
  return { shared, away };
}

test('units that do not come within a minute give the work back at once, and say that the budget is used up', async () => {
  const { shared } = booksThatSay(60_001);
  const { next, requests } = scripted(OK);
  const request = graphRequest();
  await expect(budget(shared)(request, next)).rejects.toMatchObject({
    name: 'RetryLater',
    delayMs: expect.closeTo(60_001, -1),
    message: "Graph's budget for this application is used up",
  });
  expect(requests).toEqual([]);
  expect(request.tally.throttledMs).toBe(0);
});

test('short waits for units that add up to more than a minute give the work back as well', async () => {
  const { shared } = booksThatSay(1, 59_999.5);
  await expect(budget(shared)(graphRequest(), scripted(OK).next)).rejects.toMatchObject({ name: 'RetryLater' });
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, -1, 86_400_001])(
  'shared books that say to wait for %d ms count as away',
  async (waitMs) => {
    const { shared, away } = booksThatSay(waitMs);
    await budget(shared)(graphRequest(), scripted(OK).next);
    expect(away).toEqual([expect.objectContaining({ message: expect.stringContaining(String(waitMs)) })]);
  },
);

test.each([Number.NaN, Number.POSITIVE_INFINITY, -1, 86_400_001])('a pause of %d ms is none', async (ms) => {
  const { shared } = frozenBudget();
  await shared.pause('directory', ms);
  expect(shared.pauseLeftMs()).toBe(0);
});
