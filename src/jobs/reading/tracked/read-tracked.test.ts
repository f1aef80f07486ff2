import type { GraphReader, Page, Told } from '../../../graph/index.js';
import type { Chunk, ReadOptions } from '../../task.js';
import { readTracked } from './read-tracked.js';
import type { TrackedCollection } from './tracked-collection.js';

const [WHOLE, PART, LATER] = ['1', '2', '3'].map((digit) => `${digit.repeat(8)}-1111-4111-8111-111111111111`);

const collection: TrackedCollection = {
  what: 'users',
  properties: ['id', 'name'],
  unasked: [],
  sources: { name: ['name'] },
  list: 'list',
  count: 'count',
  delta: 'delta?',
  object: (id) => `object ${id}`,
  deleted: (id) => `deleted ${id}`,
};

/** A listing behind which nothing changes, and changes: two pages each, on the first of which one object is told in part. */
const first = { items: [{ id: WHOLE, name: 'a' }, { id: PART }] };
const last = { items: [{ id: LATER, name: 'c' }] };
const PAGES: Readonly<Record<string, Page>> = {
  'delta?&$deltatoken=latest': { items: [], deltaLink: 'nothing' },
  list: { ...first, next: 'list 2' },
  'list 2': last,
  changes: { ...first, next: 'changes 2' },
  nothing: { items: [], deltaLink: 'cursor' },
  'changes 2': { ...last, deltaLink: 'cursor' },
};

function graphOf(asked: string[]): GraphReader {
  const graph: Pick<GraphReader, 'pages' | 'objects' | 'counts'> = {
    async *pages(start) {
      for (let link: string | undefined = start; link !== undefined;) {
        const page: Page = await Promise.resolve(PAGES[link]!);
        yield page;
        link = page.next;
      }
    },
    objects(asks) {
      asked.push(...asks.map(({ path }) => path));
      const told = asks.map(({ id }): [string, Told<unknown>] => [id, { kind: 'told', value: { id, name: 'b' } }]);
      return Promise.resolve(new Map(told));
    },
    counts: () => Promise.resolve(new Map([['count', 3]])),
  };
  return graph as GraphReader;
}

const optionsOf = (asked: string[], { from, delta }: Pick<ReadOptions, 'from' | 'delta'>): ReadOptions => ({
  graph: graphOf(asked),
  from,
  delta,
  parents: [],
  prepare: (item) => ({ kind: 'row', row: item as Record<string, string> }),
  differing: () => Promise.resolve(new Map()),
});

test.each([
  ['a listing', undefined],
  ['changes', 'changes'],
])(
  'of %s: an object that waits to be asked for is asked for by whoever resumes the read behind its page',
  async (_, delta) => {
    const asked: string[] = [];
    const [before] = await chunksOf(readTracked(optionsOf(asked, { from: undefined, delta }), collection), 1);
    expect(before?.items).toEqual([{ id: WHOLE, name: 'a' }]);
    expect(asked).toEqual([]);
    const rest = await chunksOf(readTracked(optionsOf(asked, { from: before?.next, delta }), collection));
    expect(asked).toContain(`object ${PART}`);
    expect(rest.flatMap(({ items }) => items)).toContainEqual({ id: PART, name: 'b' });
    expect(rest.at(-1)).toMatchObject({ cursor: 'cursor' });
  },
);

/** The chunks of a read that is given up after some of them. */
async function chunksOf(read: AsyncIterable<Chunk>, most = Infinity): Promise<Chunk[]> {
  const chunks: Chunk[] = [];
  for await (const chunk of read) if (chunks.push(chunk) >= most) break;
  return chunks;
}
