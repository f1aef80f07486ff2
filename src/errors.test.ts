import { readFile } from 'node:fs/promises';
import { classify, RollcallError, systemCode, toRollcallError } from './errors.js';

const coded = (code: string, message = 'words') => Object.assign(new Error(message), { code });
const ours = new RollcallError('not_found', 'nothing there', 'look elsewhere');

test('the code of the innermost cause is found', () => {
  expect(systemCode(new Error('outer', { cause: new Error('middle', { cause: coded('ECONNRESET') }) }))).toBe(
    'ECONNRESET',
  );
});

test.each([
  ['itself', ours],
  ['its cause', new Error('query failed', { cause: ours })],
])('one of ours stays what it is: %s', (_, error) => {
  expect(toRollcallError(error)).toBe(ours);
});

test('an error is what it was classified as, also as the cause of another', () => {
  const error = coded('57P01');
  classify(error, ours);
  expect(toRollcallError(error)).toBe(ours);
  expect(toRollcallError(new Error('query failed', { cause: error }))).toBe(ours);
});

test.each(['ENOSPC', 'EMFILE', 'EACCES', 'ECONNRESET', '57P01'])(
  'the code %s alone does not say that the database is away',
  (code) => {
    expect(toRollcallError(coded(code)).code).toBe('internal');
  },
);

test('a file that cannot be read is no fault of the database, and none of Rollcall', async () => {
  const thrown = await readFile('/nonexistent').catch((error: unknown) => error);
  expect(toRollcallError(thrown)).toMatchObject({
    code: 'internal',
    message: expect.stringContaining('ENOENT'),
    advice: expect.stringContaining('operating system'),
  });
});

test.each([['text'], [undefined], [new TypeError('x is not a function')]])(
  'anything else is a fault of ours: %s',
  (thrown) => {
    expect(toRollcallError(thrown)).toMatchObject({
      code: 'internal',
      advice: expect.stringContaining('please report it'),
    });
  },
);
