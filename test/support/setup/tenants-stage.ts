import type { Emulator } from '../../../src/emulator/index.js';
import { tasks } from '../../../src/jobs/registry.js';
import { createTestDatabase, embedded, type TestDatabase } from '../servers/database.js';
import { startTestEmulator } from '../servers/emulator.js';
import { endStarted, settingsFor, start, type Running } from '../rollcall.js';
import { secretsOf, tenantNumber, withoutTenant, type TestTenant } from './tenants.js';

/** The arguments of a tenant that is read when it is added, and then not before the year is over. */
export const RESTING = { schedule_nightly: '0 0 1 1 *', schedule_sso_access: 'off' };
export const NEVER = ['--schedule-nightly', '0 0 1 1 *', '--schedule-sso-access', 'off'];

export interface TenantsStage {
  /** Three of them. */
  readonly tenants: readonly TestTenant[];
  readonly emulator: Emulator;
  readonly database: TestDatabase;
  /** Of a deployment that describes no tenant by itself and has the secrets of all. */
  readonly environment: Record<string, string>;
  /** Holds a file with the secret of each tenant, under its name. */
  readonly folder: string;
  readonly startWorker: (more?: Record<string, string>) => Running;
  /** The tasks of a tenant's runs. */
  readonly runsOf: (tenant: TestTenant, where: string) => Promise<{ task: string }[]>;
  /** Whether every task of a tenant has been complete. */
  readonly isDone: (tenant: TestTenant) => Promise<boolean>;
  stopWorkers(): Promise<void>;
  close(): Promise<void>;
}

interface StageOptions {
  readonly users?: number;
  readonly latencyMs?: number;
  /** Of the login and of Graph; the machine's unless given. */
  readonly clock?: () => number;
}

/** @param options `users`: of the first tenant; the others are small */
export async function createTenantsStage({ users = 60, ...options }: StageOptions = {}): Promise<TenantsStage> {
  const tenants = [tenantNumber(1, { users }), tenantNumber(2), tenantNumber(3)];
  const emulator = await startTestEmulator({ ...options, tenants: tenants.map(({ data }) => data), largestPage: 20 });
  const database = await createTestDatabase(embedded());
  const secrets = await secretsOf(tenants);
  const settings = await settingsFor(emulator, tenants[0]!.data);
  const environment = { ...withoutTenant(settings.environment), ...secrets.environment, DATABASE_URL: database.url };
  const workers: Running[] = [];
  const runsOf: TenantsStage['runsOf'] = ({ data }, where) =>
    database.rows(`select task from rollcall.runs where tenant_id = $1 and (${where}) order by 1`, [data.tenantId]);
  const stopWorkers = async () => {
    for (const { child } of workers) child.kill('SIGTERM');
    await Promise.all(workers.map(({ ended }) => ended));
  };
  return {
    tenants,
    emulator,
    database,
    environment,
    folder: secrets.folder,
    startWorker(more = {}) {
      const worker = start(['worker'], { ...environment, ...more });
      workers.push(worker);
      return worker;
    },
    runsOf,
    isDone: async (tenant) => (await runsOf(tenant, "outcome = 'complete'")).length >= tasks.length,
    stopWorkers,
    async close() {
      await stopWorkers();
      await endStarted();
      await emulator.close();
      await secrets.remove();
      await settings.remove();
      await database.drop();
    },
  };
}
