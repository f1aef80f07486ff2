import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecretReader } from './secret-ref.js';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-secret-'));
  path = join(folder, 'secret');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('a secret is read where its reference says, each time again', async () => {
  const environment: Record<string, string> = { A_SECRET: 'first' };
  const read = createSecretReader(environment);
  await writeFile(path, 'first of the file');
  expect([await read('env:A_SECRET'), await read(`file:${path}`)]).toEqual(['first', 'first of the file']);
  environment['A_SECRET'] = 'second';
  await writeFile(path, 'second of the file');
  expect([await read('env:A_SECRET'), await read(`file:${path}`)]).toEqual(['second', 'second of the file']);
});

test.each([
  ['one line break at its end is no part of it', 'a secret\n', 'a secret'],
  ['nor is one of Windows', 'a secret\r\n', 'a secret'],
  ['blanks and other line breaks are', ' a\nsecret \n\n', ' a\nsecret \n'],
])('of a file, %s', async (_, text, secret) => {
  await writeFile(path, text);
  await expect(createSecretReader({})(`file:${path}`)).resolves.toBe(secret);
});

test.each([
  ['env:NOT_SET', 'There is no secret at env:NOT_SET: NOT_SET is not set'],
  ['env:BLANK', 'There is no secret at env:BLANK: BLANK is not set'],
  ['file:/no/such/file', 'There is no secret at file:/no/such/file: ENOENT'],
])('%s, which holds none, is named', async (ref, message) => {
  await expect(createSecretReader({ BLANK: ' \t' })(ref)).rejects.toMatchObject({ code: 'secret_missing', message });
});

test('an empty file is no secret', async () => {
  await writeFile(path, ' \n');
  await expect(createSecretReader({})(`file:${path}`)).rejects.toMatchObject({
    code: 'secret_missing',
    message: `There is no secret at file:${path}: the file is empty`,
  });
});

// Somebody may have written the secret itself into the table by hand.
test.each(['hunter2', 'file:hunter2', 'env:hunter2-', 'vault:hunter2'])(
  'what is no reference is not repeated: %s',
  async (ref) => {
    const failure = await createSecretReader({})(ref).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'secret_missing', message: expect.stringContaining('env:NAME') });
    const { message, advice } = failure as { message: string; advice: string };
    expect(`${message} ${advice}`).not.toContain('hunter2');
  },
);
