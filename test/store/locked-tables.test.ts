import { Client } from 'pg';
import { sampleTenant } from '../../src/emulator/index.js';
import { createProcessWorld, type ProcessWorld } from '../support/setup/process-world.js';
import { run, start } from '../support/rollcall.js';

let world: ProcessWorld;
beforeEach(async () => {
  world = await createProcessWorld(sampleTenant());
});
afterEach(() => world.close());

/** A session of somebody who has locked a table, and stays. */
async function locking(table: string, work: (pid: number) => Promise<void>): Promise<void> {
  const client = new Client({ connectionString: world.database.url, application_name: 'psql' });
  await client.connect();
  try {
    await client.query(`begin; lock table ${table} in access exclusive mode`);
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    await work(rows[0]!.pid);
  } finally {
    await client.end();
  }
}

test.each(['rollcall_data.users', 'rollcall_data.migrations', 'rollcall_staging.locks'])(
  '%s is locked by somebody: doctor ends, sync says who it is, and a signal ends it',
  async (table) => {
    await locking(table, async (pid) => {
      const doctor = await run(['doctor'], world.environment);
      if (table !== 'rollcall_staging.locks')
        expect(doctor).toMatchObject({ code: 1, out: expect.stringContaining('Another session holds a lock') });
      const sync = start(['sync', 'hr-roster'], world.environment);
      await sync.saysOnErr(`waits for a lock that another session holds: process ${pid} of the role`);
      await sync.saysOnErr(`select pg_terminate_backend(${pid})`);
      sync.child.kill('SIGTERM');
      const { signal, err } = await sync.ended;
      expect([signal, err]).toEqual([null, expect.not.stringContaining('fault of Rollcall')]);
    });
    expect(await run(['sync', 'hr-roster'], world.environment)).toMatchObject({ code: 0 });
  },
);
