import { RollcallError, systemCode, toRollcallError } from './errors.js';

const coded = (code: string, message = 'words') => Object.assign(new Error(message), { code });

test('the code of the innermost cause is found', () => {
  expect(systemCode(new Error('outer', { cause: new Error('middle', { cause: coded('ECONNRESET') }) }))).toBe(
    'ECONNRESET',
  );
});

test('one of ours stays what it is', () => {
  const error = new RollcallError('not_found', 'nothing there', 'look elsewhere');
  expect(toRollcallError(error)).toBe(error);
});

test.each(['ECONNREFUSED', 'ECONNRESET', '57P01', '53300', '08006', '40001'])(
  '%s means that the database is away',
  (code) => {
    expect(toRollcallError(new Error('query failed', { cause: coded(code) })).code).toBe('database_unreachable');
  },
);

test('a full disk is called one', () => {
  expect(toRollcallError(coded('53100'))).toMatchObject({
    code: 'database_unreachable',
    message: expect.stringContaining('disk is full'),
  });
});

test('what a driver says may carry people, and is not repeated', () => {
  const driver = new Error('Failed query: insert … params: Alice Liddell,alice@contoso.com', {
    cause: coded('23505', 'Key (mail)=(alice@contoso.com)'),
  });
  const error = toRollcallError(driver);
  expect(error.code).toBe('database_failed');
  expect(`${error.message} ${error.advice}`).not.toMatch(/alice/i);
  expect(error.message).toContain('23505');
});

test.each([['text'], [undefined], [new TypeError('x is not a function')]])(
  'anything else is a fault of ours: %s',
  (thrown) => {
    expect(toRollcallError(thrown).code).toBe('internal');
  },
);
