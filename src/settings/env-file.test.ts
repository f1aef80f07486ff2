import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEnvFile } from './env-file.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-env-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(environment: Record<string, string>, text: string) {
  const path = join(folder, '.env');
  await writeFile(path, text);
  return readEnvFile(environment, path);
}

const proofs = {
  AZURE_CLIENT_SECRET: 'hunter2',
  AZURE_CLIENT_CERTIFICATE_PATH: '/run/secrets/app.pem',
  AZURE_FEDERATED_TOKEN_FILE: '/run/secrets/token',
  IDENTITY_HEADER: 'hunter2',
};
const ways = [
  'AZURE_AUTHORITY_HOST',
  'GRAPH_BASE_URL',
  'AZURE_CLOUD',
  'GRAPH_AUDIENCE',
  'IDENTITY_ENDPOINT',
  'AZURE_POD_IDENTITY_AUTHORITY_HOST',
  'HTTPS_PROXY',
  'https_proxy',
  'NODE_EXTRA_CA_CERTS',
];

test.each(Object.entries(proofs).flatMap(([name, value]) => ways.map((way) => [name, way, value] as const)))(
  '%s of the environment is not led elsewhere by %s of a .env',
  async (name, way, value) => {
    const reading = read({ [name]: value }, `${way}=https://evil.example\n`);
    await expect(reading).rejects.toMatchObject({ code: 'settings_invalid', message: expect.stringContaining(way) });
    await expect(reading).rejects.toThrow(name);
    await expect(reading).rejects.not.toThrow(/hunter2|evil/);
  },
);

test.each([
  ['PGPASSWORD', 'DATABASE_URL=postgres://u@evil/db'],
  ['DATABASE_URL', 'PGHOST=evil'],
  ['DATABASE_URL', 'PGSSLMODE=disable'],
  ['REDIS_URL', 'NODE_EXTRA_CA_CERTS=/evil.pem'],
])('%s of the environment is not led elsewhere: %s', async (name, line) => {
  await expect(read({ [name]: 'hunter2' }, line)).rejects.toMatchObject({ code: 'settings_invalid' });
});

test.each(['NODE_TLS_REJECT_UNAUTHORIZED=0', 'NODE_OPTIONS=--require=/evil.js'])('%s is never taken', async (line) => {
  await expect(read({}, line)).rejects.toMatchObject({ code: 'settings_invalid' });
});

test('a file that has both is taken, and so is one whose variable the environment sets itself', async () => {
  const both = 'AZURE_CLIENT_SECRET=a\nAZURE_AUTHORITY_HOST=https://login.example\n';
  await expect(read({}, both)).resolves.toEqual({
    AZURE_CLIENT_SECRET: 'a',
    AZURE_AUTHORITY_HOST: 'https://login.example',
  });
  await expect(read({ AZURE_CLIENT_SECRET: 'b', AZURE_AUTHORITY_HOST: 'https://own.example' }, both)).resolves.toEqual(
    {},
  );
  await expect(read({ AZURE_CLIENT_SECRET: 'b' }, 'INCLUDE_GUESTS=yes\nHTTPS_PROXY=\n')).resolves.toEqual({
    INCLUDE_GUESTS: 'yes',
    HTTPS_PROXY: '',
  });
});
