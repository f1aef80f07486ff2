import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { build } from 'esbuild';
import { createTestClient } from './client.js';

let folder: string;
let program: string;

beforeAll(async () => {
  // Below node_modules, so that the bundle finds its packages.
  const cache = fileURLToPath(new URL('../../node_modules/.cache/', import.meta.url));
  await mkdir(cache, { recursive: true });
  folder = await mkdtemp(join(cache, 'rollcall-emulator-'));
  program = join(folder, 'main.mjs');
  const main = fileURLToPath(new URL('../../src/emulator/main.ts', import.meta.url));
  await build({
    entryPoints: [main],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  });
});
afterAll(() => rm(folder, { recursive: true }));

test('the emulator as a process says in one line how to reach it, answers, and ends when told to', async () => {
  const child = spawn(process.execPath, [program, '--users', '2500', '--home', folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const { url, tenantId, clientId, clientSecret, certificateFile } = JSON.parse(line) as Record<string, string>;
  {
    await using client = createTestClient({ url: url!, certificate: await readFile(certificateFile!, 'utf8') });
    const form = {
      grant_type: 'client_credentials',
      scope: `${url!}/.default`,
      client_id: clientId!,
      client_secret: clientSecret!,
    };
    const { json } = await client.login(form, tenantId);
    const headers = { authorization: `Bearer ${String(json['access_token'])}`, consistencylevel: 'eventual' };
    expect((await client.send('/v1.0/users/$count', { headers })).text).toBe('2500');
  }
  child.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
});
