import type { Emulator, EmulatorOptions, TenantData } from '../../../src/emulator/index.js';
import { createTestDatabase, embedded, type TestDatabase } from '../servers/database.js';
import { startTestEmulator } from '../servers/emulator.js';
import { endStarted, settingsFor } from '../rollcall.js';

/** What processes of the program need: an emulator, an empty database, and the environment that leads to both. */
export interface ProcessWorld {
  readonly emulator: Emulator;
  readonly database: TestDatabase;
  readonly environment: Record<string, string>;
  close(): Promise<void>;
}

export async function createProcessWorld(
  tenant: TenantData,
  options: Omit<EmulatorOptions, 'tenants'> = {},
): Promise<ProcessWorld> {
  const emulator = await startTestEmulator({ ...options, tenants: [tenant] });
  const database = await createTestDatabase(embedded());
  const { environment, remove } = await settingsFor(emulator, tenant);
  return {
    emulator,
    database,
    environment: { ...environment, DATABASE_URL: database.url },
    async close() {
      await endStarted();
      await emulator.close();
      await database.drop();
      await remove();
    },
  };
}
