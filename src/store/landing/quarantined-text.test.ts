import { quarantinedText } from './quarantined-text.js';

test.each([
  ['what a person needs stays', { id: '7', displayName: 'Ada', age: null }, { id: '7', displayName: 'Ada', age: null }],
  [
    'secrets go, wherever they are',
    { keys: [{ secretText: 'x', keyId: '1' }] },
    { keys: [{ secretText: '[secret]', keyId: '1' }] },
  ],
  ['whole objects that hold a secret go', { passwordProfile: { password: 'x' } }, { passwordProfile: '[secret]' }],
  ['NUL becomes what Postgres can store', { name: 'a\u0000b' }, { name: 'a\ufffdb' }],
  ['half a surrogate pair as well', { name: 'a\ud800b' }, { name: 'a\ufffdb' }],
])('%s', (_, item, kept) => {
  expect(JSON.parse(quarantinedText(item))).toEqual(kept);
});
