import { pino } from 'pino';
import { graphRequest, graphResponse } from '../../../test/support/graph-request.js';
import { RetryLater, RollcallError } from '../../errors.js';
import type { GraphRequest, GraphResponse } from '../compose.js';
import { batch, MOST_BATCHES, type BatchOptions } from './batch.js';

interface Asked {
  readonly id: string;
  readonly url: string;
}
const ROOT = 'https://graph.example/v1.0/';
const requestFor = (path: string, more: Partial<GraphRequest> = {}) =>
  graphRequest({ url: new URL(path, ROOT), ...more });
const many = (count: number) => Array.from({ length: count }, (_, index) => requestFor(`users/${index}`));
const answered = (asked: readonly Asked[]) =>
  graphResponse(200, {}, { responses: asked.map(({ id, url }) => ({ id, status: 200, headers: {}, body: { url } })) });

/** A layer over a Graph that answers batches as told, and shows what it was asked. */
function layerOver(post: (asked: readonly Asked[], number: number) => Promise<GraphResponse> | GraphResponse) {
  const batches: (readonly Asked[])[] = [];
  const alone: string[] = [];
  const warnings: string[] = [];
  const log = pino({ level: 'warn' }, { write: (line: string) => void warnings.push(line) });
  const options: BatchOptions = {
    root: ROOT,
    post: async (body) => {
      const { requests } = JSON.parse(body) as { requests: Asked[] };
      batches.push(requests);
      return post(requests, batches.length);
    },
    alone: ({ url }) => {
      alone.push(url.pathname);
      return Promise.resolve(graphResponse(200, {}, { alone: url.pathname }));
    },
    support: { isKnown: true },
    log,
  };
  const layer = batch(options);
  const ask = (request: GraphRequest) => layer(request, () => Promise.reject(new Error('it is the innermost')));
  return { ask, batches, alone, warnings };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

test('requests that come together share exchanges of twenty, and each has its own answer', async () => {
  const { ask, batches, alone } = layerOver(answered);
  const answers = await Promise.all(many(45).map(ask));
  expect(answers.map(({ body }) => body)).toEqual(many(45).map((_, index) => ({ url: `/users/${index}` })));
  expect(batches.map((each) => each.length)).toEqual([20, 20, 5]);
  expect(alone).toEqual([]);
});

test('a request that is the only one goes alone, and so does one to elsewhere', async () => {
  const { ask, batches, alone } = layerOver(answered);
  await ask(requestFor('users'));
  await ask(requestFor('https://graph.example/beta/users'));
  expect(alone).toEqual(['/v1.0/users', '/beta/users']);
  expect(batches).toEqual([]);
});

test('a few batches are under way at a time, and one that is not full waits for them', async () => {
  const release: (() => void)[] = [];
  const { ask, batches } = layerOver(async (asked) => {
    await new Promise<void>((resolve) => release.push(resolve));
    return answered(asked);
  });
  const asking = Promise.all(many(20 * MOST_BATCHES + 3).map(ask));
  await turn();
  expect(batches).toHaveLength(MOST_BATCHES);
  for (let freed = 0; freed < MOST_BATCHES; freed += 1) {
    expect(batches).toHaveLength(MOST_BATCHES);
    release[freed]?.();
    await turn();
    await turn();
  }
  expect(batches.at(-1)).toHaveLength(3);
  release.at(-1)?.();
  await asking;
});

test('what a batch does not answer is an error to repeat, and asked alone the next time', async () => {
  const { ask, alone } = layerOver((asked) => answered(asked.slice(1)));
  const [first, second] = many(2);
  const [lost, found] = await Promise.allSettled([ask(first!), ask(second!)]);
  expect(lost).toMatchObject({ status: 'rejected', reason: { code: 'graph_unreadable' } });
  expect(found).toMatchObject({ status: 'fulfilled' });
  const [again] = await Promise.allSettled([ask(first!), ...many(3).map(ask)]);
  expect(again).toMatchObject({ status: 'fulfilled', value: { body: { alone: '/v1.0/users/0' } } });
  expect(alone).toEqual(['/v1.0/users/0']);
});

test('a batch that failed as a whole but holds answers is taken by its answers', async () => {
  const { ask } = layerOver((asked) => ({ ...answered(asked), status: 424 }));
  await expect(Promise.all(many(2).map(ask))).resolves.toMatchObject([{ status: 200 }, { status: 200 }]);
});

test.each([
  ['does not find it', () => graphResponse(404)],
  ['refuses the method', () => graphResponse(405)],
  ['does not know the segment', () => graphResponse(400, {}, { error: { code: 'BadRequest' } })],
  ['has not implemented it', () => graphResponse(501)],
  ['goes on failing', () => graphResponse(503)],
  ['answers something else', () => Promise.reject(new RollcallError('graph_unreadable', 'no batch', 'nothing'))],
  ['breaks the connection', () => Promise.reject(new RollcallError('graph_unreachable', 'reset', 'nothing'))],
])('a Graph that %s is read one request at a time from then on, and a warning says so once', async (_, post) => {
  const { ask, batches, alone, warnings } = layerOver(post);
  const answers = await Promise.all(many(100).map(ask));
  expect(answers).toHaveLength(100);
  expect(new Set(alone).size).toBe(100);
  const before = batches.length;
  await Promise.all(many(30).map(ask));
  expect(batches).toHaveLength(before);
  expect(warnings).toHaveLength(1);
});

test.each([
  ['a long wait', new RetryLater(3_600_000, 'an hour')],
  ['a refused login', new RollcallError('login_refused', 'wrong secret', 'correct it')],
])('%s is the failure of each, and says nothing about batches', async (_, error) => {
  const { ask, alone, warnings } = layerOver(() => Promise.reject(error));
  const ended = await Promise.allSettled(many(3).map(ask));
  expect(ended).toEqual(many(3).map(() => ({ status: 'rejected', reason: error })));
  expect([...alone, ...warnings]).toEqual([]);
});

test('who has stopped is not asked for', async () => {
  const stop = new AbortController();
  const { ask, batches, alone } = layerOver(answered);
  const asking = Promise.allSettled(many(3).map(({ url }) => ask(graphRequest({ url, signal: stop.signal }))));
  stop.abort(new Error('stop'));
  expect(await asking).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }, { status: 'rejected' }]);
  expect([...batches, ...alone]).toEqual([]);
});
