import { readConfig } from '../config.js';
import { databasePlace } from './database-url.js';

const read = (DATABASE_URL: string, others: Record<string, string> = {}) =>
  readConfig({ DATABASE_URL, ...others }).databaseUrl ?? '';

function refusal(url: string, others: Record<string, string> = {}): string {
  try {
    read(url, others);
  } catch (error) {
    return String(error);
  }
  throw new Error(`${url} was accepted`);
}

// One of base64, of hex with a slash, and others that turn a part of themselves into host, port, path, search or fragment.
test.each([
  '/kY2secret',
  '8/kY2secret',
  'kY2secret/',
  'kY2/sec@ret',
  '5432#kY2secret',
  '#kY2secret',
  '8?kY2secret',
  'kY2secret?',
  'kY2secret?host=x',
  'kY2:sec/ret',
  '8/kY2secret?x=',
  '%kY2secret',
  'kY2secret%zz',
  'kY2secret%C3%28',
])('the password %s, not encoded: the URL is refused, and no part of it is told', (password) => {
  for (const url of [
    `postgres://rollcall:${password}@db.example:5432/rollcall`,
    `postgresql://rollcall:${password}@db.example/rollcall`,
  ]) {
    const message = refusal(url);
    expect(message).toContain('DATABASE_URL is a value that does not fit (not shown)');
    expect(message).toContain('percent-encoded');
    expect(message).not.toMatch(/kY2|secret|db\.example/);
  }
});

test.each(
  Array.from('/?#@%:&= +üé€;,$!\'()*[]\\^|~`"<>{}').map((character) => [character, `p${character}w${character}`]),
)('a password with %s is taken as it was meant, if it is encoded', (_, password) => {
  const {
    password: taken,
    hostname,
    pathname,
  } = new URL(read(`postgres://rollcall:${encodeURIComponent(password)}@db.example:5432/rollcall`));
  expect(decodeURIComponent(taken)).toBe(password);
  expect([hostname, pathname]).toEqual(['db.example', '/rollcall']);
});

test('a password with an @ or a colon that is not encoded is taken as it was meant', () => {
  expect(decodeURIComponent(new URL(read('postgres://u:a@b:c@h/db')).password)).toBe('a@b:c');
});

test.each([
  ['postgres://u:p@h/db?ssl=require', 'sslmode=verify-full'],
  ['postgres://u:p@h/db?ssl=false', 'sslmode=disable'],
  ['postgres://u:p@h/db?ssl=yes', 'sslmode=verify-full'],
  ['postgres://u:p@h/db?ssl=', 'sslmode=verify-full'],
  ['postgres://u:p@h/db?sslmode=allow', 'as sslmode one of disable, prefer, require'],
  ['postgres://u:p@h/db?sslmode=verify_full', 'as sslmode one of'],
  ['postgres://u:p@h/db?uselibpqcompat=true&sslmode=verify-ca', 'sslrootcert beside sslmode=verify-ca'],
  ['postgres://u:p@h/db?sslmode=verify-full&sslrootcert=/no/such.pem', '/no/such.pem gives ENOENT'],
  ['postgres://u:p@h/db?sslrootcert=package.json', 'certificates (PEM) in sslrootcert'],
  ['postgres://u:p@h/db?sslcert=package.json', 'sslcert and sslkey together'],
  ['postgres://u:p@h1:5432,h2:5433/db', 'one host'],
  ['postgres://u:p@h1,h2/db', 'one host'],
  ['postgres://u:p@/db?host=h1,h2', 'one host'],
  ['postgres://u:p@h:port/db', 'a port from 1 to 65535'],
  ['postgres://u:p@h:0/db', 'a port from 1 to 65535'],
  ['postgres://u:p@h:70000/db', 'a port from 1 to 65535'],
  ['postgres://u:p@h/db?port=x', 'a port from 1 to 65535'],
  ['postgres://u:p@h/db/more', 'the name of a database without /'],
  ['postgres://u:p@h/db%2Fmore', 'the name of a database without /'],
  ['postgres://u:p@h o/db', 'a host'],
  ['host=h dbname=db', 'a URL such as postgres://'],
  ['mysql://u:p@h/db', 'a URL such as postgres://'],
])('%s is refused with what is accepted', (url, expected) => {
  expect(refusal(url)).toContain(`DATABASE_URL is a value that does not fit (not shown); expected `);
  expect(refusal(url)).toContain(expected);
});

test.each([
  ['postgres://u:p@h:5432/db', {}, 'h:5432/db'],
  ['postgres://u:p@h/db\n', {}, 'h/db'],
  ['postgres://u:p@[::1]:5432/db', {}, '[::1]:5432/db'],
  ['postgres://u@%2Fvar%2Frun%2Fpg/db', {}, '/var/run/pg/.s.PGSQL.5432, database db'],
  ['postgres://u@/db?host=/var/run/pg&port=5433', {}, '/var/run/pg/.s.PGSQL.5433, database db'],
  ['postgres:///db?host=/var/run/pg', {}, '/var/run/pg/.s.PGSQL.5432, database db'],
  ['postgres:///db', {}, 'localhost/db'],
  ['postgres://u:p@/db', { PGHOST: 'db.example' }, 'db.example/db'],
  ['postgres:///db', { PGHOST: '/tmp' }, '/tmp/.s.PGSQL.5432, database db'],
  ['postgres://u@h/b%C3%BCro', {}, 'h/büro'],
])('%j with %j is shown as %s', (url, variables, place) => {
  expect(databasePlace(read(url, variables))).toBe(place);
});

test('PGSSLMODE says how where the URL does not, and nothing that it cannot be', () => {
  expect(read('postgres://u@h/db', { PGSSLMODE: 'require' })).toBe('postgres://u@h/db?sslmode=require');
  expect(read('postgres://u@h/db?sslmode=disable', { PGSSLMODE: 'require' })).toMatch(/sslmode=disable$/);
  expect(refusal('postgres://u@h/db', { PGSSLMODE: 'requires' })).toContain('PGSSLMODE is "requires"; expected one of');
});
