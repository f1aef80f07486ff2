import { graphRequest, graphResponse, scripted } from '../../../test/support/graph-request.js';
import { RetryLater } from '../../errors.js';
import type { BudgetStore } from '../../budget-store.js';
import { budget, pause } from '../middleware/budget.js';
import { concurrency } from '../middleware/concurrency.js';
import { createBudget } from './budget.js';
import { createMemoryBudget } from './memory-budget.js';

const OK = graphResponse(200);
const throttled = (seconds: string) => graphResponse(429, { 'retry-after': seconds });

/** Budgets of several processes over the same books, with one clock that the test moves. */
function processes(count: number, wrap: (store: BudgetStore) => BudgetStore = (store) => store) {
  let now = 0;
  const clock = () => now;
  const books = wrap(createMemoryBudget(clock));
  const away: unknown[] = [];
  const budgets = Array.from({ length: count }, () => {
    const shared = createBudget({ limits: { directory: { units: 80, windowMs: 10_000 } } }, clock);
    shared.share({ store: books, countUsers: () => Promise.resolve(501), onAway: (error) => away.push(error) });
    return shared;
  });
  return { budgets, away, pass: (ms: number) => (now += ms) };
}

const USERS = { bucket: 'directory', units: 1 } as const;

/** Pays without waiting as often as possible. */
async function spend(shared: ReturnType<typeof createBudget>): Promise<number> {
  let spent = 0;
  while ((await shared.pay(USERS)) === 0) spent += 1;
  return spent;
}

test('several processes together spend no more than one alone may', async () => {
  const { budgets } = processes(3);
  const spent = [];
  for (const each of budgets) spent.push(await spend(each));
  expect(spent).toEqual([72, 0, 0]);
});

test('a complaint that one process hears keeps the other from sending', async () => {
  const { budgets, pass } = processes(2);
  const [one, other] = budgets;
  await budget(one!)(graphRequest(), scripted(throttled('50')).next);
  await expect(other!.pay(USERS)).resolves.toBe(50_000);
  expect(other!.pauseLeftMs()).toBe(50_000);
  pass(50_000);
  await expect(other!.pay(USERS)).resolves.toBe(0);
});

test('what a process has leased is not spent after it has heard of a complaint', async () => {
  let tell: (pauseMs: number) => void = () => {};
  const { budgets } = processes(1, (store) => ({ ...store, onPause: (listener) => (tell = listener) }));
  const [shared] = budgets;
  await shared!.pay(USERS);
  tell(120_000);
  const { next, requests } = scripted(OK);
  await expect(budget(shared!)(graphRequest(), next)).rejects.toBeInstanceOf(RetryLater);
  expect(requests).toEqual([]);
});

test('a process that has just started learns of a long pause before it sends anything', async () => {
  const { budgets } = processes(2);
  const [one, other] = budgets;
  await one!.pause('directory', 3_600_000);
  const { next, requests } = scripted(OK);
  await expect(budget(other!)(graphRequest(), next)).rejects.toMatchObject({ name: 'RetryLater', delayMs: 3_600_000 });
  expect(requests).toEqual([]);
});

test('books that are away fail nobody: each process keeps its own, from a full bucket on, until they are back', async () => {
  let isAway = true;
  const { budgets, away, pass } = processes(1, (store) => ({
    ...store,
    lease: (...asked) => (isAway ? Promise.reject(new Error('gone')) : store.lease(...asked)),
    pause: (...asked) => (isAway ? Promise.reject(new Error('gone')) : store.pause(...asked)),
  }));
  const [shared] = budgets;
  await expect(shared!.pay(USERS)).resolves.toBeGreaterThan(0);
  pass(2000);
  await expect(spend(shared!)).resolves.toBeGreaterThan(0);
  await shared!.pause('directory', 1000);
  expect(shared!.pauseLeftMs()).toBe(1000);
  expect(away).toEqual([new Error('gone')]);
  isAway = false;
  pass(20_000);
  await expect(spend(shared!)).resolves.toBe(72);
});

test('a batch pays nothing and still waits while the tenant is paused', async () => {
  const { budgets } = processes(1);
  const [shared] = budgets;
  await spend(shared!);
  const request = graphRequest({ method: 'POST', url: new URL('https://graph.example/v1.0/$batch') });
  const { next, requests } = scripted(OK);
  await budget(shared!)(request, next);
  expect(requests).toHaveLength(1);
  await shared!.pause('directory', 120_000);
  await expect(budget(shared!)(request, next)).rejects.toBeInstanceOf(RetryLater);
  expect(requests).toHaveLength(1);
});

test('who has paid already is kept from sending by a pause, and by nothing else', async () => {
  const { budgets } = processes(1);
  const [shared] = budgets;
  await spend(shared!);
  const { next, requests } = scripted(OK);
  await pause(shared!)(graphRequest(), next);
  await shared!.pause('directory', 120_000);
  await expect(pause(shared!)(graphRequest(), next)).rejects.toBeInstanceOf(RetryLater);
  expect(requests).toHaveLength(1);
});

test('what Graph says a request has cost is what is spent', async () => {
  const { budgets } = processes(1);
  const [shared] = budgets;
  await budget(shared!)(graphRequest(), scripted(graphResponse(200, { 'x-ms-resource-unit': '50' })).next);
  await expect(spend(shared!)).resolves.toBe(22);
});

test('requests ask to be refused before those of people who wait', async () => {
  const { next, requests } = scripted(OK);
  await concurrency(createBudget())(graphRequest(), next);
  expect(requests[0]?.headers).toMatchObject({ 'x-ms-throttle-priority': 'Low' });
});

test('a complaint halves what is in flight, once for all who were in flight', async () => {
  const { budgets } = processes(1);
  const [shared] = budgets;
  const before = shared!.limiter('directory').limit;
  await Promise.all([1, 2].map(() => shared!.pause('directory', 1000)));
  expect(shared!.limiter('directory').limit).toBe(before / 2);
  expect(shared!.limiter('reports').limit).toBe(before);
});

test('a Graph of unknown limits that says how full it is gets no more than it can take', async () => {
  let now = 0;
  const shared = createBudget({ host: 'localhost' }, () => now);
  // A bucket of 100 units in ten seconds, asked by one request after the other.
  let level = 0;
  let refused = 0;
  let sent = 0;
  for (; now < 60_000; now += 10) {
    level = Math.max(0, level - 0.1);
    if ((await shared.pay(USERS)) > 0) continue;
    sent += 1;
    level += 1;
    if (level > 100) refused += 1;
    shared.settle(USERS, { units: 1, used: level > 80 ? level / 100 : undefined });
  }
  expect(refused).toBe(0);
  expect(sent).toBeGreaterThan(600);
});
