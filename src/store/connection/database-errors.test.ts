import { EventEmitter } from 'node:events';
import { jest } from '@jest/globals';
import { toRollcallError } from '../../errors.js';
import { classifyEvents, classifyFailures } from './database-errors.js';

const coded = (code: string, message = 'words') => Object.assign(new Error(message), { code });
type Callback = (error?: Error, row?: string) => void;

/** A driver whose every query fails with one error, in each of the ways of pg. */
function failing(error: Error) {
  const driver = {
    query(what: unknown, callback?: Callback): unknown {
      if (callback !== undefined) return callback(error);
      if (typeof what !== 'object') return Promise.reject(error);
      return (what as { handleError: Callback }).handleError(error);
    },
  };
  classifyFailures(driver, 'query');
  return driver;
}

const WAYS: readonly (readonly [way: string, (driver: ReturnType<typeof failing>) => Promise<unknown>])[] = [
  ['by promise', (driver) => Promise.resolve(driver.query('select 1')).catch((error: unknown) => error)],
  ['by callback', (driver) => new Promise((resolve) => void driver.query('select 1', resolve))],
  ['in a COPY', (driver) => new Promise((resolve) => void driver.query({ handleError: resolve }))],
];

test.each(WAYS)('what a query fails with is classified, and is still the error of the driver: %s', async (_, fail) => {
  const error = coded('57P01');
  expect(await fail(failing(error))).toBe(error);
  expect(toRollcallError(error)).toMatchObject({ code: 'database_unreachable', cause: error });
});

test('what a connection says while it has no statement is classified before those who hold it hear it', () => {
  const client = new EventEmitter();
  const heard: string[] = [];
  client.on('error', (error: unknown) => heard.push(toRollcallError(error).code));
  classifyEvents(client);
  client.emit('error', coded('57P01', 'terminating connection due to administrator command'));
  expect(heard).toEqual(['database_unreachable']);
});

test('what succeeds is handed on', async () => {
  const driver = {
    query: (_: string, callback?: Callback) =>
      callback === undefined ? Promise.resolve('row') : callback(undefined, 'row'),
  };
  classifyFailures(driver, 'query');
  await expect(driver.query('select 1')).resolves.toBe('row');
  const called = jest.fn<Callback>();
  void driver.query('select 1', called);
  expect(called).toHaveBeenCalledWith(undefined, 'row');
});

function meaningOf(error: Error) {
  void failing(error).query('select 1', () => {});
  return toRollcallError(new Error('query failed', { cause: error }));
}

test.each([
  ['ECONNREFUSED'],
  ['ECONNRESET'],
  ['EHOSTUNREACH'],
  ['57P01'],
  ['08006'],
  ['40001'],
  ['53100'],
  ['53200'],
  ['53300'],
  ['08P01'],
  ['25006'],
  ['55P03'],
])('%s means that the database is away', (code) => {
  expect(meaningOf(coded(code)).code).toBe('database_unreachable');
});

test.each(['Connection terminated unexpectedly', 'timeout exceeded when trying to connect'])(
  'so does, without a code: %s',
  (message) => {
    expect(meaningOf(new Error(message)).code).toBe('database_unreachable');
  },
);

test.each([
  ['53100', "The database's disk is full (SQLSTATE 53100)"],
  ['53300', 'The database has no connection left (SQLSTATE 53300)'],
  ['42501', 'The role of DATABASE_URL lacks a right (SQLSTATE 42501): words'],
  ['57P01', 'The database went away: 57P01'],
])('%s is said in words', (code, message) => {
  expect(meaningOf(coded(code)).message).toBe(message);
});

test('what a driver says may carry people, and is not repeated', () => {
  const error = meaningOf(coded('23505', 'Key (mail)=(alice@contoso.com)'));
  expect(error.code).toBe('database_failed');
  expect(`${error.message} ${error.advice}`).not.toMatch(/alice/i);
  expect(error.message).toContain('23505');
});

test.each([coded('ERR_INVALID_ARG_TYPE'), new TypeError('x is not a function')])(
  'a fault of ours within the driver stays one: %s',
  (error) => {
    expect(meaningOf(error).code).toBe('internal');
  },
);
