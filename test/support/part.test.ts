import { jest } from '@jest/globals';
import { hasPart } from './part.js';

const VARIABLE = 'REQUIRE_WHAT_NO_MACHINE_HAS';
const part = { isThere: false, what: 'PERPETUAL MOTION', requiredBy: VARIABLE, howToGetIt: 'Invent it.' };
let written: string[];
beforeEach(() => {
  written = [];
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  delete process.env[VARIABLE];
});

test('a part that is there is used, without a word', () => {
  process.env[VARIABLE] = '1';
  expect(hasPart({ ...part, isThere: true })).toBe(true);
  expect(written).toEqual([]);
});

test('what is skipped on a machine that lacks a part is said in one loud line', () => {
  expect(hasPart(part)).toBe(false);
  expect(written).toEqual(['\n*** NO PERPETUAL MOTION: the tests that need it are SKIPPED. Invent it. ***\n\n']);
});

test('where the part is required, its lack is an error', () => {
  process.env[VARIABLE] = '1';
  expect(() => hasPart(part)).toThrow('NO PERPETUAL MOTION');
});
