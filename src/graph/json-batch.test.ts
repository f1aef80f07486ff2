import { graphRequest } from '../../test/support/graph-request.js';
import { isBatchAnswer, toAnswers, toBatchBody } from './json-batch.js';
import { isPage } from './pages.js';

const PAGE = { value: [] };
const part = (path: string, headers = {}) => ({ path, request: graphRequest({ headers, isExpected: isPage }) });
const parts = [part('/a'), part('/b')];
const ok = (id: string | number, more = {}) => ({ id, status: 200, headers: {}, body: PAGE, ...more });

test('the body names each request, with its headers but not its token', () => {
  const body = toBatchBody([
    part('/a?$top=1', { authorization: 'Bearer x' }),
    part('/b', { authorization: 'Bearer x', ConsistencyLevel: 'eventual' }),
  ]);
  expect(JSON.parse(body)).toEqual({
    requests: [
      { id: '1', method: 'GET', url: '/a?$top=1' },
      { id: '2', method: 'GET', url: '/b', headers: { ConsistencyLevel: 'eventual' } },
    ],
  });
});

test('answers are told apart by their ids, whatever their order', () => {
  const failed = { id: '2', status: 429, headers: { 'Retry-After': 7 }, body: {} };
  const [first, second] = toAnswers({ responses: [failed, ok(1)] }, parts);
  expect(first).toEqual({ status: 200, headers: {}, body: PAGE });
  expect(second).toEqual({ status: 429, headers: { 'retry-after': '7' }, body: {} });
});

test.each([
  ['is missing', []],
  ['comes twice', [ok('2'), ok('2')]],
  ['has an id that nobody gave', [ok('3'), ok('zwei')]],
  ['has no status', [{ id: '2', body: PAGE }]],
  ['is no object', ['2', null]],
  ['has no body', [ok('2', { body: undefined })]],
  ['has a body in base64', [ok('2', { body: 'eyJ2YWx1ZSI6W119' })]],
  ['has a body that is no page', [ok('2', { body: { error: {} } })]],
])('an answer that %s is none, and leaves the others alone', (_, responses) => {
  expect(toAnswers({ responses: [...responses, ok('1')] }, parts)).toEqual([
    { status: 200, headers: {}, body: PAGE },
    undefined,
  ]);
});

test('a failure needs no body, and headers may be missing', () => {
  expect(toAnswers({ responses: [ok('1', { headers: null }), { id: '2', status: 503 }] }, parts)).toEqual([
    { status: 200, headers: {}, body: PAGE },
    { status: 503, headers: {}, body: undefined },
  ]);
});

test.each([[undefined], [null], ['text'], [{}], [{ value: [] }], [{ responses: {} }]])(
  '%j is no batch answer',
  (body) => {
    expect(isBatchAnswer(body)).toBe(false);
  },
);
