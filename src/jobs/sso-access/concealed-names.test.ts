import { readConcealedNames } from './concealed-names.js';

test.each([
  [{ '@odata.context': 'https://graph.microsoft.com/v1.0/$metadata', displayConcealedNames: true }, true],
  [{ displayConcealedNames: false }, false],
  [{ value: { displayConcealedNames: true } }, true],
  [{ value: { displayConcealedNames: false } }, false],
  [{ displayConcealedNames: null }, null],
  [{ displayConcealedNames: 'yes' }, null],
  [{}, null],
  ['', null],
  [null, null],
])('the settings %j say of concealed names: %s', (body, expected) => {
  expect(readConcealedNames(body)).toBe(expected);
});
