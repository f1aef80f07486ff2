import { RollcallError } from '../errors.js';
import type { Page } from './pages.js';
import { readMany, type Answer, type Start } from './read-many.js';

const starts = (...keys: string[]): Start[] => keys.map((key) => ({ key, path: `/${key}` }));
const failed = (code: 'graph_not_found' | 'graph_page_expired' | 'graph_forbidden') =>
  new RollcallError(code, code, 'nothing');

/** Collections whose pages are given by link; a step that is an error is thrown. Shows what is under way. */
function server(pages: Record<string, (Page | Error)[]>) {
  const asked: string[] = [];
  const busy = { now: 0, most: 0 };
  async function* open(start: string): AsyncGenerator<Page, void, void> {
    for (let link: string | undefined = start; link !== undefined;) {
      asked.push(link);
      busy.now += 1;
      busy.most = Math.max(busy.most, busy.now);
      await new Promise((resolve) => setImmediate(resolve));
      busy.now -= 1;
      const page: Page | Error | undefined = pages[link]?.shift();
      if (page === undefined) throw new Error(`nobody knows ${link}`);
      if (page instanceof Error) throw page;
      yield page;
      link = page.next;
    }
  }
  return { asked, busy, open };
}

const read = (from: Iterable<Start>, { open }: Pick<ReturnType<typeof server>, 'open'>, atOnce = 20) =>
  readMany(from, { open, atOnce, stop: new AbortController() });

async function all(answers: AsyncIterable<readonly Answer[]>): Promise<Answer[]> {
  const found: Answer[] = [];
  for await (const some of answers) found.push(...some);
  return found;
}
const items = (answers: readonly Answer[], key: string) =>
  answers.filter((answer) => answer.key === key).flatMap(({ page }) => page?.items);

test('every page of every collection comes, those of each in their order', async () => {
  const graph = server({
    '/a': [{ items: [1], next: '/a2' }],
    '/a2': [{ items: [2], next: '/a3' }],
    '/a3': [{ items: [3] }],
    '/b': [{ items: [4] }],
    '/c': [{ items: [], next: '/c2' }],
    '/c2': [{ items: [5] }],
  });
  const answers = await all(read(starts('a', 'b', 'c'), graph));
  expect(answers).toHaveLength(6);
  expect([items(answers, 'a'), items(answers, 'b'), items(answers, 'c')]).toEqual([[1, 2, 3], [4], [5]]);
});

test('no collections are no answers', async () => {
  await expect(all(read([], server({})))).resolves.toEqual([]);
});

test('several are under way at a time, never more than said', async () => {
  const keys = Array.from({ length: 50 }, (_, index) => `k${index}`);
  const graph = server(Object.fromEntries(keys.map((key) => [`/${key}`, [{ items: [key] }]])));
  expect(await all(read(starts(...keys), graph, 7))).toHaveLength(50);
  expect(graph.busy.most).toBe(7);
});

test('where pages are full, fewer are under way', async () => {
  const keys = Array.from({ length: 200 }, (_, index) => `k${index}`);
  const full = Array.from({ length: 999 }, (_, index) => index);
  const graph = server(Object.fromEntries(keys.map((key) => [`/${key}`, [{ items: full }]])));
  let most = 0;
  for await (const answers of read(starts(...keys), graph, 80)) most = Math.max(most, answers.length);
  expect(graph.busy.most).toBeLessThanOrEqual(20);
  expect(most).toBeLessThanOrEqual(4);
});

test('what nobody takes holds back what comes', async () => {
  const keys = Array.from({ length: 30 }, (_, index) => `k${index}`);
  const graph = server(Object.fromEntries(keys.map((key) => [`/${key}`, [{ items: [key] }]])));
  const answers = read(starts(...keys), graph, 5);
  const { value } = await answers.next();
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(graph.asked.length - (value as Answer[]).length).toBe(5);
  await answers.return();
});

test('a collection that is gone has no page, and does not disturb the others', async () => {
  const graph = server({
    '/a': [{ items: [1], next: '/a2' }],
    '/a2': [failed('graph_not_found')],
    '/b': [failed('graph_not_found')],
    '/c': [{ items: [2] }],
  });
  const answers = await all(read(starts('a', 'b', 'c'), graph));
  const gone = answers.filter(({ page }) => page === undefined).map(({ key }) => key);
  expect(gone.sort()).toEqual(['a', 'b']);
  expect(items(answers, 'c')).toEqual([2]);
});

test('a collection whose page token has expired begins again by itself, once', async () => {
  const graph = server({
    '/a': [{ items: [1] }, { items: [1], next: '/a2' }],
    '/a2': [failed('graph_page_expired'), { items: [2] }],
    '/b': [{ items: [3] }],
  });
  const answers = await all(read([{ key: 'a', path: '/a', from: '/a2' }, ...starts('b')], graph));
  expect(items(answers, 'a')).toEqual([1]);
  const again = server({
    '/a': [{ items: [1], next: '/a2' }],
    '/a2': [failed('graph_page_expired'), failed('graph_page_expired')],
  });
  await expect(all(read([{ key: 'a', path: '/a', from: '/a2' }], again))).rejects.toMatchObject({
    code: 'graph_page_expired',
  });
});

test('any other failure ends all, after what had come before it, and nothing goes on behind it', async () => {
  const graph = server({
    '/a': [{ items: [1], next: '/a2' }],
    '/a2': [{ items: [2], next: '/a3' }],
    '/b': [failed('graph_forbidden')],
  });
  const stop = new AbortController();
  const found: Answer[] = [];
  const reading = (async () => {
    for await (const some of readMany(starts('a', 'b'), { open: graph.open, atOnce: 5, stop })) found.push(...some);
  })();
  await expect(reading).rejects.toMatchObject({ code: 'graph_forbidden' });
  expect(items(found, 'a')).toEqual([1]);
  expect(stop.signal.aborted).toBe(true);
  expect(graph.busy.now).toBe(0);
});

test('who stops reading stops what is under way', async () => {
  const graph = server({ '/a': [{ items: [1], next: '/a2' }], '/a2': [{ items: [2] }], '/b': [{ items: [3] }] });
  const stop = new AbortController();
  for await (const _ of readMany(starts('a', 'b'), { open: graph.open, atOnce: 5, stop })) break;
  expect(stop.signal.aborted).toBe(true);
  expect(graph.busy.now).toBe(0);
});
