import { errors } from 'undici';
import { networkReason } from './network-reason.js';

const coded = (message: string, code: string) => Object.assign(new Error(message), { code });

test.each<[string, unknown, string]>([
  [
    'a connection that took too long',
    new errors.ConnectTimeoutError('Connect Timeout Error'),
    'no connection within 10 s (UND_ERR_CONNECT_TIMEOUT)',
  ],
  [
    'a connection that was refused',
    coded('connect ECONNREFUSED 10.0.0.1:443', 'ECONNREFUSED'),
    'connect ECONNREFUSED 10.0.0.1:443',
  ],
  [
    'a certificate that nobody vouches for',
    coded('self-signed certificate', 'DEPTH_ZERO_SELF_SIGNED_CERT'),
    'self-signed certificate (DEPTH_ZERO_SELF_SIGNED_CERT)',
  ],
  [
    'several addresses, of which none answers',
    Object.assign(new AggregateError([]), { code: 'ETIMEDOUT' }),
    'ETIMEDOUT',
  ],
  [
    'a wrapped failure',
    new Error('fetch failed', { cause: coded('getaddrinfo ENOTFOUND graph.example', 'ENOTFOUND') }),
    'getaddrinfo ENOTFOUND graph.example',
  ],
  [
    'a body beyond the bound',
    coded('Cannot create a Buffer larger than 7 bytes', 'ERR_BUFFER_TOO_LARGE'),
    'its answer unpacks to more than any that was asked for (ERR_BUFFER_TOO_LARGE)',
  ],
  [
    'a body that is not packed as it says',
    coded('incorrect header check', 'Z_DATA_ERROR'),
    'its answer is packed and cannot be unpacked (Z_DATA_ERROR)',
  ],
  ['what is no error', 'gone', 'gone'],
])('%s is said in words', (_, thrown, words) => {
  expect(networkReason(thrown)).toBe(words);
});
