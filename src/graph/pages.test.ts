import { follow, isPage, toPage, type Page } from './pages.js';

/** More than any test here has to ask for: a reader that does not see a circle fails, and does not hang. */
const MOST_PAGES = 100;

function server(pages: Record<string, Page>) {
  const asked: string[] = [];
  const read = (link: string) => {
    asked.push(link);
    if (asked.length > MOST_PAGES) return Promise.reject(new Error(`asked for more than ${MOST_PAGES} pages`));
    const page = pages[link];
    return page === undefined ? Promise.reject(new Error(`nobody knows ${link}`)) : Promise.resolve(page);
  };
  return { asked, read };
}

async function itemsOf(pages: AsyncGenerator<Page>): Promise<unknown[]> {
  const items: unknown[] = [];
  for await (const page of pages) items.push(...page.items);
  return items;
}

test('links are followed as they came until there is none, over empty pages too', async () => {
  const odd = 'https://g/v1.0/users?$skiptoken=a%2Bb+c&$select=id';
  const { asked, read } = server({
    '/users': { items: [1], next: odd },
    [odd]: { items: [], next: 'z' },
    z: { items: [2] },
  });
  await expect(itemsOf(follow('/users', read))).resolves.toEqual([1, 2]);
  expect(asked).toEqual(['/users', odd, 'z']);
});

test('one page is asked for ahead of the reader, and no more', async () => {
  const { asked, read } = server({ a: { items: [1], next: 'b' }, b: { items: [2] } });
  const pages = follow('a', read);
  await pages.next();
  expect(asked).toEqual(['a', 'b']);
  await pages.return();
  expect(asked).toEqual(['a', 'b']);
});

test.each([
  ['to itself', { a: 'a' }],
  ['back to the first', { a: 'b', b: 'c', c: 'a' }],
  ['in a later circle', { a: 'b', b: 'c', c: 'd', d: 'e', e: 'c' }],
])('a link that leads %s is an error, not an endless read', async (_, links: Record<string, string>) => {
  const pages = Object.fromEntries(Object.entries(links).map(([from, to]) => [from, { items: [], next: to }]));
  await expect(itemsOf(follow('a', server(pages).read))).rejects.toMatchObject({ code: 'graph_unreadable' });
});

test('ten thousand pages are no circle', async () => {
  const read = (link: string): Promise<Page> => {
    const number = Number(link);
    return Promise.resolve({ items: [number], ...(number < 10_000 ? { next: String(number + 1) } : {}) });
  };
  await expect(itemsOf(follow('1', read))).resolves.toHaveLength(10_000);
});

test.each([[{}], [[]], [null], ['text'], [{ value: {} }], [{ value: [], '@odata.nextLink': 7 }]])(
  '%j is no page',
  (body) => {
    expect(isPage(body)).toBe(false);
  },
);

test('a page without links is the last', () => {
  expect(toPage({ value: [1], '@odata.nextLink': null })).toEqual({ items: [1] });
});

const BASE = new URL('https://graph.example/gateway/v1.0/users?$top=2');

test.each([
  ['https://graph.example/v1.0/users?$skiptoken=a%2Bb+c', 'https://graph.example/v1.0/users?$skiptoken=a%2Bb+c'],
  ['/v1.0/users?$skiptoken=x', 'https://graph.example/v1.0/users?$skiptoken=x'],
  ['users?$skiptoken=x', 'https://graph.example/gateway/v1.0/users?$skiptoken=x'],
  ['?$skiptoken=x', 'https://graph.example/gateway/v1.0/users?$skiptoken=x'],
  ['../beta/users?$skiptoken=x', 'https://graph.example/gateway/beta/users?$skiptoken=x'],
  // Another host, which never gets the token.
  ['//elsewhere.example/users', 'https://elsewhere.example/users'],
])('the link %s leads to %s', (link, expected) => {
  const body = { value: [], '@odata.nextLink': link, '@odata.deltaLink': link };
  expect(isPage(body)).toBe(true);
  expect(toPage(body, BASE)).toEqual({ items: [], next: expected, deltaLink: expected });
});

test.each(['next page', 'nothing', '7', 'two words/and a slash'])('the link %j leads nowhere', (link) => {
  expect(isPage({ value: [], '@odata.nextLink': link })).toBe(false);
});
