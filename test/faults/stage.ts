import type { Emulator, TenantData } from '../../src/emulator/index.js';
import { startTestEmulator } from '../support/servers/emulator.js';
import { createTestDatabase, dropDatabase, type TestDatabase, type TestServer } from '../support/servers/database.js';
import { run, settingsFor } from '../support/rollcall.js';
import { takeSnapshot, type Snapshot } from './snapshot.js';
import { earlierTenant, PAGE, tenantNow } from './tenant.js';

/** What a run without a fault finds and leaves. */
export interface Undisturbed {
  /** The name of the database to copy; undefined for one that is empty. */
  readonly template: string | undefined;
  readonly before: Snapshot;
  readonly after: Snapshot;
  readonly requests: number;
}

/** What all faults share: the tenant, and what becomes of it where nothing goes wrong. */
export interface Stage {
  readonly server: TestServer;
  /** The moment that the tenant's sign-ins end at. */
  readonly now: Date;
  /** After the read before, and before everything that follows. */
  readonly boundary: number;
  readonly changed: Undisturbed;
  readonly empty: Undisturbed;
  /** Kills the server and waits until it is there again. */
  crash(): Promise<void>;
  close(): Promise<void>;
}

/** Every account is a row: what is lost then shows. */
export const SETTINGS = { INCLUDE_GUESTS: 'yes', INCLUDE_AGENTS: 'yes' } as const;

export async function createStage(server: TestServer): Promise<Stage> {
  const now = new Date();
  const template = await createTestDatabase(server);
  await syncUndisturbed(template, earlierTenant(now));
  const boundary = Date.now();
  // So that everything is listed again: it is lists that the faults strike.
  await template.pool.query('update rollcall_data.cursors set position = null where full_read_at is not null');
  const before = await takeSnapshot(template, boundary);
  const name = new URL(template.url).pathname.slice(1);
  // Nobody may be connected to what is copied.
  await template.close();
  const later = async (copied: string | undefined, earlier: Snapshot): Promise<Undisturbed> => {
    const database = await createTestDatabase(server, copied === undefined ? {} : { template: copied });
    const requests = await syncUndisturbed(database, tenantNow(now));
    const after = await takeSnapshot(database, boundary);
    await database.drop();
    return { template: copied, before: earlier, after, requests };
  };
  const changed = await later(name, before);
  const empty = await later(undefined, {});
  return { server, now, boundary, changed, empty, crash: notOurs, close: () => dropDatabase(server.url, name) };
}

const notOurs = () => Promise.reject(new Error('this server is shared: it must not be killed'));

async function syncUndisturbed(database: TestDatabase, tenant: TenantData): Promise<number> {
  const emulator = await startTestEmulator({ tenants: [tenant], largestPage: PAGE });
  const { environment, remove } = await settingsFor(emulator, tenant);
  const { code, err } = await run(['sync'], { ...environment, ...SETTINGS, DATABASE_URL: database.url });
  await remove();
  await emulator.close();
  if (code !== 0) throw new Error(`the undisturbed run ended with ${code}:\n${err}`);
  return asked(emulator).length;
}

/** Everything that was asked for, alone or in a batch; the batch itself asks for nothing. */
export const asked = ({ requests }: Emulator) => requests.filter(({ path }) => path !== '/v1.0/$batch');
