import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { sampleTenant } from '../src/emulator/index.js';
import { createProcessWorld, type ProcessWorld } from './support/setup/process-world.js';
import { freePort, hasRedisServer, startRedis } from './support/servers/redis-server.js';
import { run, start } from './support/rollcall.js';
import { until } from './support/until.js';

const root = fileURLToPath(new URL('../', import.meta.url));
const textOf = (name: string) => readFileSync(`${root}${name}`, 'utf8');

test('compose passes the password by itself, mounts secrets, and asks about the worker', () => {
  const { services } = parse(textOf('docker-compose.yml')) as {
    services: { worker: { environment: Record<string, string>; volumes: string[]; healthcheck: { test: string[] } } };
  };
  const { environment, volumes, healthcheck } = services.worker;
  expect(Object.values(environment).filter((value) => value.includes('POSTGRES_PASSWORD'))).toEqual([
    environment['PGPASSWORD'],
  ]);
  expect(volumes).toEqual(['./secrets:/run/secrets:ro']);
  expect(healthcheck.test.slice(-2)).toEqual(['worker', '--check']);
});

test('git and docker leave out every file with a key, a certificate or a password that the guides tell to make', () => {
  const guides = ['README.md', 'docs/setup.md', 'docs/operating.md', '.env.example'].map(textOf).join('\n');
  const named = guides.match(/\b[\w-]+\.(pem|key|crt|pfx|p12|password)\b/g) ?? [];
  const files = [...new Set(named), '.env', '.env.production', 'secrets/rollcall.pem'];
  expect(files).toEqual(
    expect.arrayContaining(['rollcall.key', 'rollcall.pem', 'rollcall.crt', 'fabrikam.pfx', 'fabrikam.password']),
  );
  const { stdout } = spawnSync('git', ['check-ignore', '--no-index', ...files], { cwd: root, encoding: 'utf8' });
  expect(stdout.trim().split('\n').sort()).toEqual([...files].sort());
  const patterns = textOf('.dockerignore').split('\n');
  const isLeftOut = (file: string) =>
    patterns.includes(file.split('/')[0]!) ||
    patterns.includes(`*.${file.split('.').at(-1)}`) ||
    (file.startsWith('.env.') && patterns.includes('.env.*'));
  expect(files.filter((file) => !isLeftOut(file))).toEqual([]);
  const { stdout: ignored } = spawnSync('git', ['ls-files', '--cached', '--ignored', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(ignored).toBe('');
});

test('the package cannot be published, nor taken from a registry under its name', () => {
  expect(JSON.parse(textOf('package.json'))).toMatchObject({ private: true });
});

test('a unit of systemd waits for what it needs, and does not start again with wrong settings', () => {
  const unit = textOf('deploy/rollcall.service');
  for (const line of ['StartLimitIntervalSec=0', 'Restart=always', 'RestartPreventExitStatus=2', 'KillMode=mixed'])
    expect(unit).toContain(`\n${line}\n`);
});

describe('A worker', () => {
  let world: ProcessWorld;
  beforeAll(async () => {
    world = await createProcessWorld(sampleTenant());
  });
  afterAll(() => world.close());
  const check = (environment: Record<string, string>) => run(['worker', '--check'], environment);

  test('says whether it works; one that was killed does so no more', async () => {
    expect(await check(world.environment)).toMatchObject({
      code: 1,
      out: expect.stringContaining('No worker is running here'),
    });
    const worker = start(['worker'], { ...world.environment, SCHEDULE_NIGHTLY: 'off', SCHEDULE_SSO_ACCESS: 'off' });
    await until(async () => (await check(world.environment)).code === 0, 200);
    worker.child.kill('SIGTERM');
    await worker.ended;
    expect(await check(world.environment)).toMatchObject({ code: 1 });
  });

  test('ends as told if its terminal is closed', async () => {
    const worker = start(['worker'], { ...world.environment, SCHEDULE_NIGHTLY: 'off', SCHEDULE_SSO_ACCESS: 'off' });
    await worker.saysOnErr('worker started');
    worker.child.kill('SIGHUP');
    const { code, signal, err } = await worker.ended;
    expect({ code, signal }).toEqual({ code: 0, signal: null });
    expect(err).toContain('worker stopped');
  });

  (hasRedisServer ? test : test.skip)(
    'waits for a queue that is not up yet, and ends if told to meanwhile',
    async () => {
      const port = await freePort();
      const environment = {
        ...world.environment,
        REDIS_URL: `redis://127.0.0.1:${port}`,
        SCHEDULE_NIGHTLY: 'off',
        SCHEDULE_SSO_ACCESS: 'off',
      };
      const worker = start(['worker'], environment);
      await worker.saysOnErr('ECONNREFUSED. Waiting for it');
      const redis = await startRedis({ port });
      await worker.saysOnErr('worker started');
      worker.child.kill('SIGTERM');
      expect(await worker.ended).toMatchObject({ code: 0 });
      await redis.stop();
      const waiting = start(['worker'], environment);
      await waiting.saysOnErr('Waiting for it');
      waiting.child.kill('SIGTERM');
      expect(await waiting.ended).toMatchObject({ code: 0 });
    },
  );

  test('waits for a database that is not up yet', async () => {
    const worker = start(['worker'], {
      ...world.environment,
      DATABASE_URL: `postgres://u:hunter2@127.0.0.1:${await freePort()}/db`,
    });
    await worker.saysOnErr('ECONNREFUSED. Waiting for it');
    worker.child.kill('SIGTERM');
    const { code, err } = await worker.ended;
    expect(code).toBe(0);
    expect(err).not.toContain('hunter2');
  });
});

test('what is built already is not built again', async () => {
  const ready = spawn(process.execPath, [`${root}scripts/ready.mjs`], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [ready.stdout, ready.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
  const code = await new Promise((resolve) => ready.on('close', resolve));
  expect({ code, said }).toEqual({ code: 0, said: '' });
});
