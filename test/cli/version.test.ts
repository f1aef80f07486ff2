import { readFileSync } from 'node:fs';
import { run, runHere } from '../support/rollcall.js';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

test.each([
  ['the bundle', run],
  ['the modules', runHere],
])('--version of %s is that of package.json', async (_, start) => {
  expect(await start(['--version'], {})).toMatchObject({ code: 0, out: `${version}\n` });
});
