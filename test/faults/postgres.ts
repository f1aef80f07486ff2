import { setTimeout as sleep } from 'node:timers/promises';
import type { Ended } from '../support/rollcall.js';
import { createTcpProxy, through, type TcpProxy } from '../support/servers/tcp-proxy.js';
import type { FaultCase, Scene } from './fault-case.js';
import { strike } from './lists.js';
import { until } from './long-waits.js';

/** Long enough that whatever is to happen in mid-run happens in mid-run. */
const HELD = { kind: 'delay', ms: 2000 } as const;

async function proxyOf(scene: Scene): Promise<TcpProxy> {
  const { hostname, port } = new URL(scene.database.url);
  const proxy = await createTcpProxy({ host: hostname, port: Number(port) });
  scene.onEnd(() => proxy.close());
  return proxy;
}

export async function untilStruck({ emulator }: Scene): Promise<void> {
  while (!emulator.faults.entries.some(({ struck }) => struck > 0)) await sleep(10);
}

const gone = (seconds: number): FaultCase => ({
  fault: `Postgres gone for ${seconds} s`,
  where: 'in mid-run',
  strikes: () => [strike('users', 'middle', HELD)],
  async story(scene) {
    const proxy = await proxyOf(scene);
    const program = scene.start(['sync'], { DATABASE_URL: through(scene.database.url, proxy) });
    await untilStruck(scene);
    await proxy.cut();
    await sleep(seconds * 1000);
    await proxy.restore();
    return program.ended;
  },
});

const STAGE = 'copy rollcall_staging."users_';
const MERGE = '"rollcall_data"."changes"';

const brokenAt = (where: string, texts: readonly string[], passed = false): FaultCase => ({
  fault: 'the connection to Postgres is cut',
  where,
  async story(scene): Promise<Ended> {
    const proxy = await proxyOf(scene);
    proxy.breakAt(texts, { passed });
    const ended = await scene.sync({ DATABASE_URL: through(scene.database.url, proxy) });
    if (proxy.broken !== 1) throw new Error('the connection was never cut');
    return ended;
  },
});

/** A statement that fails as on a full disk, until there is room again. */
const full = (where: string, table: string): FaultCase => ({
  fault: 'disk full',
  where,
  async story(scene) {
    const { pool } = scene.database;
    // A sequence counts what a rolled back transaction did.
    await pool.query(`create sequence failures;
      create function no_space() returns trigger language plpgsql as $$ begin
        perform nextval('failures');
        raise exception 'No space left on device' using errcode = '53100';
      end $$;
      create trigger no_space before insert or update on ${table} for each statement execute function no_space()`);
    const program = scene.start(['sync']);
    const over = new AbortController();
    void program.ended.then(() => over.abort());
    await until(scene, 'select last_value >= 3 as yes from failures', over.signal);
    await pool.query('drop function no_space cascade; drop sequence failures');
    return program.ended;
  },
});

export const postgres: readonly FaultCase[] = [
  gone(5),
  gone(60),
  brokenAt('while the second page of users is staged', [STAGE, STAGE]),
  brokenAt('between a page and its commit', [STAGE, 'commit']),
  brokenAt('between the commit of a page and its answer', [STAGE, 'commit'], true),
  { ...brokenAt('in the middle of the merge', [MERGE]), short: true },
  brokenAt('before the commit of the merge', [MERGE, 'commit']),
  brokenAt('between the commit of the merge and its answer', [MERGE, 'commit'], true),
  brokenAt('in the middle of the merge of sign-ins', ['create temporary table touched']),
  full('while pages are staged', 'rollcall_staging.checkpoints'),
  full('while users are merged', 'rollcall_data.users'),
  full('while sign-ins are merged', 'rollcall_data.sign_in_totals'),
  { ...full('before anything starts', 'rollcall_data.runs'), refuses: 'disk is full' },
  {
    fault: 'Postgres is killed and restarts: unlogged tables are empty',
    where: 'in mid-run',
    server: 'own',
    strikes: () => [strike('users', 'middle', HELD)],
    async story(scene) {
      const program = scene.start(['sync']);
      await untilStruck(scene);
      await scene.crash();
      return program.ended;
    },
  },
  {
    fault: 'Postgres is killed and restarts: unlogged tables are empty',
    where: 'after the process was killed in mid-run',
    server: 'own',
    strikes: () => [strike('users', 'middle', HELD)],
    async story(scene) {
      const program = scene.start(['sync']);
      await untilStruck(scene);
      program.child.kill('SIGKILL');
      await program.ended;
      await scene.crash();
      return scene.sync();
    },
  },
];
