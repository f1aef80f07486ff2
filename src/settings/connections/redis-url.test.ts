import { readConfig } from '../config.js';
import { parseRedisUrl, redisPlace } from './redis-url.js';

const read = (REDIS_URL: string) => readConfig({ REDIS_URL }).redisUrl ?? '';

function refusal(url: string): string {
  try {
    read(url);
  } catch (error) {
    return String(error);
  }
  throw new Error(`${url} was accepted`);
}

test.each([
  'sec:r@t/1',
  'kY2secret/',
  '/kY2secret',
  '6379/kY2secret',
  '#kY2secret',
  '1#kY2secret',
  '8?kY2secret',
  '%kY2secret',
])('the password %s, not encoded: the URL is refused, and no part of it is told', (password) => {
  for (const url of [`redis://:${password}@cache.example:6379/0`, `rediss+sentinel://u:${password}@a:1,b:2/group`]) {
    expect(refusal(url)).toContain(
      'REDIS_URL is a value that does not fit (not shown); expected a user and a password that',
    );
    expect(refusal(url)).not.toMatch(/kY2|sec:|cache\.example/);
  }
});

test.each([
  ['redis://h/abc', 'the number of a database'],
  ['redis:///path/to.sock', 'redis://%2Frun%2Fredis.sock/0'],
  ['redis://h/0/1', 'the number of a database'],
  ['redis://h/-1', 'the number of a database'],
  ['redis://h/1.5', 'the number of a database'],
  ['redis://h:x/0', 'a port'],
  ['redis://a,b', 'redis+sentinel:// or redis+cluster://'],
  ['redis+sentinel://a,b', 'the name of the group'],
  ['redis+cluster://a,b/1', 'a cluster has only 0'],
  ['redis://h?tls=true', 'nothing but sslrootcert, sslcert, sslkey'],
  ['redis://h?sentinelpassword=x', 'redis+sentinel:// beside'],
  ['redis://h?sslrootcert=/x', 'rediss:// beside'],
  ['rediss://h?sslrootcert=/no/such', '/no/such gives ENOENT'],
  ['http://h', 'a URL such as redis://'],
  ['redis+magic://h', 'a URL such as redis://'],
  ['h:6379', 'a URL such as redis://'],
])('%s is refused with what is accepted', (url, expected) => {
  expect(refusal(url)).toContain(expected);
});

test.each([
  ['redis://', 'localhost'],
  ['redis://:pw@h', 'h'],
  ['redis://u:p@h:6380/3', 'h:6380, database 3'],
  ['redis://[::1]:6379/0', '[::1]:6379'],
  ['redis://%2Frun%2Fredis.sock/2', '/run/redis.sock, database 2'],
  ['rediss+sentinel://:p@a:26379,b:26379/mymaster/1', 'mymaster of the Sentinels a:26379, b:26379, database 1'],
  ['redis+cluster://a:7000,b:7001', 'the cluster a:7000, b:7001'],
])('%s is shown as %s', (url, place) => {
  expect(redisPlace(read(url))).toBe(place);
});

test('Sentinels may ask for a user and a password of their own, in which a plus is a plus', () => {
  const url = 'redis+sentinel://u:p@a,b/group?sentineluser=watch%40er&sentinelpassword=a+b%26c';
  expect(parseRedisUrl(url)).toMatchObject({ password: 'p', sentinelUser: 'watch@er', sentinelPassword: 'a+b&c' });
});

test('what is encoded is taken as it was meant', () => {
  expect(parseRedisUrl('rediss://a%40b:p%2Fw%23%25@h/')).toMatchObject({
    user: 'a@b',
    password: 'p/w#%',
    tls: {},
    database: 0,
  });
});
