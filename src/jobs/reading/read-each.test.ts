import type { Answer, GraphReader, Start } from '../../graph/index.js';
import type { Chunk } from '../task.js';
import { readEach, type Child } from './read-each.js';

const PARENTS = Array.from({ length: 12 }, (_, index) => `p${String(index).padStart(2, '0')}`);
/** So many pages has each; none of those in the middle is found. */
const pagesOf = (parent: string) => (PARENTS.indexOf(parent) % 4) + 1;
const isGone = (parent: string) => parent === 'p05';
const child = (parent: string, page: number) => `${parent}.${page}`;

/** A Graph that reads three collections at a time and answers the last begun first. */
function graph(handed: string[] = []): GraphReader {
  async function* answers(starts: Iterable<Start>): AsyncGenerator<readonly Answer[], void, void> {
    const left = starts[Symbol.iterator]();
    const open: { key: string; page: number }[] = [];
    for (;;) {
      while (open.length < 3) {
        const { value, done } = left.next();
        if (done === true) break;
        open.push({ key: value.key, page: Number((value.from ?? value.path).split('/').at(-1)) });
      }
      const reading = open.pop();
      if (reading === undefined) return;
      const { key, page } = reading;
      handed.push(child(key, page));
      if (isGone(key)) yield [{ key, page: undefined }];
      else if (page === pagesOf(key)) yield [{ key, page: { items: [child(key, page)] } }];
      else {
        open.push({ key, page: page + 1 });
        yield [{ key, page: { items: [child(key, page)], next: `next/${page + 1}` } }];
      }
    }
  }
  const unused = () => {
    throw new Error('not asked for here');
  };
  return { pagesOf: answers, pages: unused, page: unused, get: unused, objects: unused, counts: unused };
}

/** Named in the end; whether those with full pages are whole is asked later. */
const gone = (chunks: readonly Chunk[]) =>
  chunks.flatMap(({ skipped = [] }) => skipped).filter(({ reason }) => reason !== 'incomplete');

const read = (from?: string, handed?: string[], parents = PARENTS) =>
  readEach({ graph: graph(handed), from, parents }, CHILDREN);
const CHILDREN = { path: (parent: string) => `${parent}/1`, top: 999 };
async function all(chunks: AsyncIterable<Chunk>): Promise<Chunk[]> {
  const found: Chunk[] = [];
  for await (const chunk of chunks) found.push(chunk);
  return found;
}
const childrenOf = (chunks: readonly Chunk[]) =>
  chunks.flatMap(({ items }) => (items as Child[]).map(({ parent, item }) => `${parent} ${String(item)}`)).sort();
const EVERYTHING = PARENTS.filter((parent) => !isGone(parent))
  .flatMap((parent) => Array.from({ length: pagesOf(parent) }, (_, index) => `${parent} ${child(parent, index + 1)}`))
  .sort();

test('every child comes with its parent, who is gone is named, and only the last chunk has nothing behind it', async () => {
  const chunks = await all(read());
  expect(childrenOf(chunks)).toEqual(EVERYTHING);
  expect(gone(chunks)).toEqual([{ parent: 'p05', reason: 'not_found' }]);
  expect(chunks.filter(({ next }) => next === undefined)).toEqual(chunks.slice(-1));
});

test('wherever a read is interrupted, it goes on without losing a page or reading one again', async () => {
  const { length } = await all(read());
  for (let kept = 1; kept < length; kept += 1) {
    const before: Chunk[] = [];
    for await (const chunk of read()) if (before.push(chunk) === kept) break;
    const after = await all(read(before.at(-1)!.next));
    expect(childrenOf([...before, ...after])).toEqual(EVERYTHING);
    expect(gone([...before, ...after])).toEqual([{ parent: 'p05', reason: 'not_found' }]);
    expect(after.at(-1)!.next).toBeUndefined();
  }
});

test('a read that is interrupted again and again comes to its end', async () => {
  const chunks: Chunk[] = [];
  let from: string | undefined;
  do {
    for await (const chunk of read(from)) {
      chunks.push(chunk);
      from = chunk.next;
      break;
    }
  } while (from !== undefined);
  expect(childrenOf(chunks)).toEqual(EVERYTHING);
});

test('parents that went away between two attempts are no obstacle', async () => {
  const before: Chunk[] = [];
  for await (const chunk of read()) if (before.push(chunk) === 20) break;
  const after = await all(read(before.at(-1)!.next, [], PARENTS.slice(0, 2)));
  expect(after.at(-1)!.next).toBeUndefined();
});

test('without parents there is one empty chunk', async () => {
  await expect(all(read(undefined, [], []))).resolves.toEqual([{ items: [] }]);
});

test('a parent whose last page is as full as those before it is named, and how short a page with a link may be is told', async () => {
  const chunks = await all(read());
  const full = chunks.flatMap(({ skipped = [] }) => skipped).filter(({ reason }) => reason === 'incomplete');
  expect(full.map(({ parent }) => parent).sort()).toEqual(
    PARENTS.filter((parent) => pagesOf(parent) > 1 && !isGone(parent)),
  );
  expect(new Set(chunks.map(({ linked }) => linked))).toEqual(new Set([undefined, 1]));
});
