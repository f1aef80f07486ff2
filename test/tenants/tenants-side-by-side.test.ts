import { jest } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tasks } from '../../src/jobs/registry.js';
import { createClientCertificate } from '../support/client-certificate.js';
import { createIdentityProvider, type IdentityProvider } from '../support/servers/identity-provider.js';
import { testRedisUrl } from '../support/servers/redis.js';
import { runHere } from '../support/rollcall.js';
import { expectedRoster, rosterOf } from '../support/roster-oracle.js';
import { everythingBut, tablesWith } from '../support/tenant-rows.js';
import { addArguments, keep } from '../support/setup/tenants.js';
import { createTenantsStage, NEVER, RESTING, type TenantsStage } from '../support/setup/tenants-stage.js';
import { until } from '../support/until.js';
import { usersOf } from '../support/setup/world.js';

const queues = [
  { name: 'in Postgres', queue: {} },
  ...(testRedisUrl ? [{ name: 'on Redis', queue: { REDIS_URL: testRedisUrl } }] : []),
];

// Several processes each, on machines that may be busy.
jest.setTimeout(180_000);

let stage: TenantsStage;
let provider: IdentityProvider | undefined;
beforeEach(async () => {
  stage = await createTenantsStage();
});
afterEach(async () => {
  await stage.close();
  await provider?.close();
});

const everyTask = tasks.map(({ name }) => ({ task: name })).sort((a, b) => (a.task < b.task ? -1 : 1));

describe.each(queues)('with the queue $name', ({ queue }) => {
  test('two workers read three tenants, each by its own credential and filters, and nothing mixes', async () => {
    const { tenants, database, emulator, environment, folder, startWorker, runsOf, isDone } = stage;
    const [one, two, three] = tenants;
    provider = await createIdentityProvider();
    await provider.renew();
    two!.application.federatedCredentials = [provider.trust];
    two!.application.secrets = [];
    const federated = ['--credential', 'federated', '--secret-ref', `file:${provider.tokenFile}`];
    const { cert, pem } = await createClientCertificate();
    three!.application.certificates = [cert];
    three!.application.secrets = [];
    await writeFile(join(folder, 'three.pem'), pem);
    const certificate = ['--credential', 'certificate', '--secret-ref', `file:${join(folder, 'three.pem')}`];
    const all = [
      await runHere(addArguments(one!, ...NEVER, '--include-guests', 'yes'), environment),
      await runHere(addArguments(two!, ...NEVER, ...federated), environment),
      await runHere(addArguments(three!, ...NEVER, ...certificate, '--domain-names', 'nobody.example'), environment),
    ];
    expect(all.map(({ code }) => code)).toEqual([0, 0, 0]);
    startWorker(queue);
    startWorker(queue);
    await until(async () => (await Promise.all(tenants.map(isDone))).every(Boolean));

    const filters = [
      { includeGuests: true, domainNames: [] },
      { includeGuests: false, domainNames: [] },
      { includeGuests: false, domainNames: ['nobody.example'] },
    ];
    for (const [index, tenant] of tenants.entries()) {
      const { tenantId } = tenant.data;
      expect(await runsOf(tenant, "outcome = 'complete'")).toEqual(everyTask);
      expect(await database.rows(rosterOf(tenantId))).toEqual(expectedRoster(usersOf(tenant.data), filters[index]!));
    }
    const mixed = await database.rows(`
      select 'log' from rollcall_data.access_log l join rollcall_data.runs r on r.id = l.run_id where r.tenant_id <> l.tenant_id
      union all
      select 'cursor' from rollcall_data.cursors c join rollcall_data.runs r on r.id = c.run_id where r.tenant_id <> c.tenant_id
      union all
      select 'change' from rollcall_data.changes c join rollcall_data.runs r on r.id = c.run_id where r.tenant_id <> c.tenant_id`);
    expect(mixed).toEqual([]);
    // What the server saw of each request, by its id, is what the log says of it.
    await stage.stopWorkers();
    const asked = new Map(emulator.requests.map(({ clientRequestId, tenantId }) => [clientRequestId, tenantId]));
    const logged = await database.rows<{ id: string; tenant_id: string }>(
      "select client_request_id as id, tenant_id from rollcall_data.access_log where uri like '%/v1.0/%' and client_request_id is not null",
    );
    expect(logged.length).toBeGreaterThan(3 * tasks.length);
    expect(logged.filter(({ id, tenant_id }) => asked.get(id) !== tenant_id)).toEqual([]);
    const runs = await runHere(['runs', '--tenant', two!.name, '--json'], environment);
    expect(new Set([...runs.out.matchAll(/"tenant_id":"([^"]+)"/g)].map(([, id]) => id))).toEqual(
      new Set([two!.data.tenantId]),
    );
    if (!('REDIS_URL' in queue)) {
      expect(await database.rows('select distinct application from rollcall_staging.budgets order by 1')).toEqual(
        tenants.map(({ data, application }) => ({ application: `${data.tenantId}/${application.clientId}` })),
      );
    }
  });

  test('one that is removed while it is read leaves nothing, and of nobody else anything is touched', async () => {
    const { tenants, database, emulator, environment, startWorker, runsOf, isDone } = stage;
    const [one, two, three] = tenants;
    await keep(database, [two!, three!], RESTING);
    const worker = startWorker(queue);
    startWorker(queue);
    await until(async () => (await isDone(two!)) && (await isDone(three!)));
    // From here on nobody but the first tenant has anything to do, and that takes long.
    emulator.faults.add({ path: '/v1.0/users', times: 'always', action: { kind: 'delay', ms: 500 } });
    await keep(database, [one!], RESTING);
    await until(
      async () =>
        (await database.rows('select from rollcall_staging.checkpoints')).length > 0 &&
        (await runsOf(one!, 'true')).length > 0,
    );
    await database.pool.query('update rollcall_data.sign_in_totals set login_count = login_count');
    const before = await everythingBut(database, one!.data.tenantId);
    const removed = await runHere(['tenants', 'remove', one!.name, '--confirm', one!.name], {
      ...environment,
      ...queue,
    });
    expect(removed).toMatchObject({ code: 0, out: expect.stringContaining('company-1 is removed') });
    expect(await everythingBut(database, one!.data.tenantId)).toEqual(before);
    expect(await tablesWith(database, one!.data.tenantId)).toEqual([]);
    // The workers go on with the others.
    await until(async () => worker.child.exitCode === null);
    emulator.faults.clear();
    expect(await runHere(['sync', 'hr-roster', '--tenant', two!.name], { ...environment, ...queue })).toMatchObject({
      code: 0,
    });
    expect(await tablesWith(database, one!.data.tenantId)).toEqual([]);
  });
});
