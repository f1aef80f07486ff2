import { randomUUID } from 'node:crypto';
import { Client, type Pool } from 'pg';
import { beginActions, createAccessLog, saveTenants } from '../../src/store/index.js';
import { tenantSchema } from '../../src/settings/tenant.js';
import { tenantNumber, type TestTenant } from '../support/setup/tenants.js';
import { embedded, silent } from '../support/servers/database.js';
import { createWorld, type World } from '../support/setup/world.js';

// Roles belong to the server, which other tests share.
const suffix = randomUUID().slice(0, 8);
const roleOf = (name: string) => `${name.replaceAll('-', '_')}_${suffix}`;

let tenants: TestTenant[];
const worlds: World[] = [];
let world: World;
let views: string[];

beforeAll(async () => {
  tenants = [1, 2].map((number) => tenantNumber(number));
  world = await createWorld({ tenant: tenants[0]!.data });
  const other = await createWorld({ tenant: tenants[1]!.data });
  worlds.push(world, other);
  const into = { database: world.database, queue: world.queue, accessLog: world.accessLog };
  for (const each of worlds) {
    const people = each.tenant.users.places(-1, 5).map((place) => each.tenant.users.at(place));
    const [signIn] = [...each.tenant.signIns.newestFirst()];
    each.tenant.signIns.add({ ...signIn!, id: randomUUID(), userId: '', userPrincipalName: 'f'.repeat(32) });
    await each.sync({ ...into, includeGuests: true });
    each.tenant.users.update(people[0]!.id, { department: 'Elsewhere' });
    await each.sync({ ...into, includeGuests: true });
  }
  await saveTenants(
    world.database,
    tenants.map(({ name, data }) =>
      tenantSchema.parse({ name, tenant_id: data.tenantId, client_id: 'x', secret_ref: 'env:X', role: roleOf(name) }),
    ),
  );
  await world.accessLog.flush();
  const operator = { actor: 'anna', claimedActor: null, way: 'console', host: 'desk' } as const;
  const told = tenants.map(({ data: { tenantId } }) => ({ action: 'sync' as const, tenantId }));
  await beginActions(world.database.db, operator, told);
  views = (
    await world.database.rows<{ name: string }>(
      "select format('rollcall.%I', relname) as name from pg_class where relnamespace = 'rollcall'::regnamespace order by 1",
    )
  ).map(({ name }) => name);
});
afterAll(async () => {
  const { database } = world;
  for (const role of ['company_1', 'company_2', 'analyst', 'nobody', 'someone']) {
    await database.pool.query(`drop owned by "${role}_${suffix}"`).catch(() => {});
  }
  for (const each of worlds.reverse()) await each.close();
  const server = new Client({ connectionString: embedded().url });
  await server.connect();
  for (const role of ['someone', 'analyst', 'nobody', 'company_1', 'company_2'])
    await server.query(`drop role if exists "${role}_${suffix}"`);
  await server.end();
});

/** Asks as somebody who logs in and is a member of a role. */
async function as<T>(login: string, memberOf: string | undefined, work: (client: Client) => Promise<T>): Promise<T> {
  const { database } = world;
  await database.pool.query(`create role "${login}" login password 'of-a-test'`);
  if (memberOf !== undefined) await database.pool.query(`grant "${memberOf}" to "${login}"`);
  const url = new URL(database.url);
  url.username = login;
  url.password = 'of-a-test';
  const client = new Client({ connectionString: url.href });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
    await database.pool.query(`drop role "${login}"`);
  }
}

const tenantsIn = async (client: Pick<Client | Pool, 'query'>, view: string) =>
  (await client.query<{ tenant_id: string }>(`select distinct tenant_id from ${view} order by 1`)).rows.map(
    (row) => row.tenant_id,
  );
const ids = () => tenants.map(({ data }) => data.tenantId);

test('whoever owns the database, and every analyst, sees all tenants in every view', async () => {
  const owners = new Map<string, string[]>();
  for (const view of views) owners.set(view, await tenantsIn(world.database.pool, view));
  for (const [view, seen] of owners) expect([view, seen]).toEqual([view, ids()]);
  await as(`analyst_${suffix}`, 'rollcall_analyst', async (client) => {
    for (const [view, seen] of owners) expect([view, await tenantsIn(client, view)]).toEqual([view, seen]);
  });
});

test("a tenant's role sees its own rows in every view, all of them, and nobody else's", async () => {
  for (const { name, data } of tenants) {
    await as(`someone_${suffix}`, roleOf(name), async (client) => {
      for (const view of views) {
        const { rows: all } = await world.database.pool.query(
          `select count(*)::int as n from ${view} where tenant_id = $1`,
          [data.tenantId],
        );
        const { rows: seen } = await client.query(`select count(*)::int as n from ${view}`);
        expect([view, seen]).toEqual([view, all]);
        const others = await client.query(`select from ${view} where tenant_id <> $1`, [data.tenantId]);
        expect([view, others.rowCount]).toEqual([view, 0]);
      }
    });
  }
});

test('a view that a migration adds is open to the roles of tenants that were there before', async () => {
  const role = roleOf('company-1');
  await world.database.pool.query(`revoke select on rollcall.access_log from "${role}"`);
  await world.database.pool.query('select rollcall_data.guard_views()');
  await as(`someone_${suffix}`, role, async (client) => {
    expect(await tenantsIn(client, 'rollcall.access_log')).toEqual([ids()[0]]);
  });
});

test('what people told Rollcall to do beyond a single tenant is for those who see all tenants', async () => {
  const { database } = world;
  const operator = { actor: 'anna', claimedActor: null, way: 'console', host: 'desk' } as const;
  await beginActions(database.db, operator, [{ action: 'migrate' }]);
  const seen = async (client: Pick<Client | Pool, 'query'>) =>
    (await client.query<{ action: string }>('select action from rollcall.operator_actions order by 1')).rows.map(
      ({ action }) => action,
    );
  try {
    expect(await seen(database.pool)).toEqual(['migrate', 'sync', 'sync']);
    await as(`analyst_${suffix}`, 'rollcall_analyst', async (client) => {
      expect(await seen(client)).toEqual(['migrate', 'sync', 'sync']);
    });
    await as(`someone_${suffix}`, roleOf('company-1'), async (client) => expect(await seen(client)).toEqual(['sync']));
  } finally {
    await database.pool.query("delete from rollcall_data.operator_actions where action = 'migrate'");
  }
});

test('of the access log, a role sees the partition of a new day and what was asked inside batches, of its tenant only', async () => {
  const at = new Date(Date.now() + 86_400_000).toISOString();
  for (const { data } of tenants) {
    const log = createAccessLog({ asker: 'doctor', retentionDays: 7, log: silent });
    log.writeTo(world.database);
    const about = { method: 'GET', status: 200, error: null, attempt: 1, requestId: null, resourceUnits: null };
    const exchange = { ...about, at, durationMs: 1, bytes: 1, clientRequestId: 'batch' };
    log.for({ tenantId: data.tenantId, application: null, credential: 'managed-identity' })({
      ...exchange,
      uri: `https://graph.example/${data.tenantId}/$batch`,
      inner: [{ ...about, uri: `https://graph.example/${data.tenantId}/inside` }],
    });
    await log.close();
  }
  await as(`someone_${suffix}`, roleOf('company-1'), async (client) => {
    const { rows } = await client.query<{ uri: string }>(
      'select uri from rollcall.access_log where at = $1 order by uri',
      [at],
    );
    expect(rows.map(({ uri }) => uri)).toEqual(
      ['$batch', 'inside'].map((end) => `https://graph.example/${ids()[0]}/${end}`),
    );
  });
});

test('neither the tables below nor what a function could let out is open to it', async () => {
  await as(`someone_${suffix}`, roleOf('company-1'), async (client) => {
    for (const table of ['users', 'tenants', 'runs', 'access_log', 'operator_actions'])
      await expect(client.query(`select from rollcall_data.${table}`)).rejects.toThrow(/permission denied/);
    await expect(client.query('select from rollcall_staging.checkpoints')).rejects.toThrow(/permission denied/);
    // A function that tells what it is called with is called with no row of another tenant.
    await client.query(`create function pg_temp.tell(name text) returns boolean language plpgsql cost 0.000001
      as $$ begin raise notice '%', name; return true; end $$`);
    const heard: string[] = [];
    client.on('notice', ({ message = '' }) => heard.push(message));
    const { rowCount } = await client.query('select from rollcall.hr_roster where pg_temp.tell(tenant_id::text)');
    expect(new Set(heard)).toEqual(new Set([ids()[0]]));
    expect(heard).toHaveLength(rowCount!);
  });
});

test('who was let in to the views by other means and belongs to no tenant sees nothing', async () => {
  const nobody = `nobody_${suffix}`;
  await world.database.pool.query(`create role "${nobody}"`);
  await world.database.pool.query(`grant usage on schema rollcall to "${nobody}"`);
  await world.database.pool.query(`grant select on all tables in schema rollcall to "${nobody}"`);
  await as(`someone_${suffix}`, nobody, async (client) => {
    for (const view of views) expect([view, await tenantsIn(client, view)]).toEqual([view, []]);
  });
});

test('a role that sees all tenants anyway is refused, and one that a tenant no longer names is locked out', async () => {
  const [one, two] = tenants;
  const settings = (role: string | null) =>
    tenantSchema.parse({ name: two!.name, tenant_id: two!.data.tenantId, client_id: 'x', secret_ref: 'env:X', role });
  await expect(saveTenants(world.database, [settings('rollcall_analyst')])).rejects.toMatchObject({
    code: 'command_invalid',
    message: expect.stringContaining('sees the rows of every tenant'),
  });
  await expect(saveTenants(world.database, [settings(roleOf(one!.name))])).rejects.toMatchObject({
    code: 'command_invalid',
    message: expect.stringContaining('is that of tenant company-1'),
  });
  await saveTenants(world.database, [settings(null)]);
  await as(`someone_${suffix}`, roleOf(two!.name), (client) =>
    expect(client.query('select from rollcall.hr_roster')).rejects.toThrow(/permission denied/),
  );
});
