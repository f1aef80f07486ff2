import { readConfig, type Environment } from '../../../src/settings/config.js';
import { checkSetup, type Finding } from '../../../src/doctor/index.js';
import {
  SAMPLE_CLIENT_ID,
  SAMPLE_CLIENT_SECRET,
  SAMPLE_SECRET_ID,
  sampleTenant,
  type Application,
  type Emulator,
  type TenantData,
} from '../../../src/emulator/index.js';
import { createTestDatabase, embedded, silent, type TestDatabase } from '../servers/database.js';
import { startTestEmulator } from '../servers/emulator.js';
import { settingsFor } from '../rollcall.js';
import { learnSecrets, refuseSecrets } from '../secrets.js';

/** A good set-up, which a test may break. */
export interface DoctorStage {
  readonly tenant: TenantData;
  readonly application: Application;
  readonly emulator: Emulator;
  /** Migrated. */
  readonly database: TestDatabase;
  /** Without a table. */
  readonly empty: TestDatabase;
  /** A folder for a test's files. */
  readonly home: string;
  readonly environment: Environment & Record<string, string>;
  /** Granted to the application: all that is needed. */
  readonly roles: readonly string[];
  /** How far the clock of the login and Graph is ahead of ours. */
  skewMs: number;
  /** What the doctor finds, in this process, with some settings of its own. */
  findings(own?: Environment): Promise<Finding[]>;
  /** Everything as it was. */
  reset(): void;
  close(): Promise<void>;
}

export async function createDoctorStage(): Promise<DoctorStage> {
  const tenant = sampleTenant();
  const application = tenant.applications.get(SAMPLE_CLIENT_ID)!;
  const { roles } = application;
  const clock = () => Date.now() + stage.skewMs;
  const emulator = await startTestEmulator({ tenants: [tenant], azureMachine: true, clock });
  const database = await createTestDatabase(embedded());
  const empty = await createTestDatabase(embedded(), { migrated: false });
  const { environment, home, remove } = await settingsFor(emulator, tenant);
  const stage: DoctorStage = {
    tenant,
    application,
    emulator,
    database,
    empty,
    home,
    environment: { ...environment, DATABASE_URL: database.url },
    roles,
    skewMs: 0,
    async findings(own = {}) {
      learnSecrets(own);
      const config = readConfig({ ...stage.environment, ...own });
      const reports = await checkSetup(config, { log: silent, signal: new AbortController().signal });
      refuseSecrets(JSON.stringify(reports), 'what the doctor says');
      return reports.flatMap((report) => report.findings);
    },
    reset() {
      stage.skewMs = 0;
      emulator.faults.clear();
      Object.assign(tenant, { premium: true, concealedNames: false });
      Object.assign(application, {
        secrets: [{ id: SAMPLE_SECRET_ID, value: SAMPLE_CLIENT_SECRET }],
        certificates: [],
        managedIdentity: undefined,
        roles,
        enabled: true,
      });
    },
    async close() {
      await emulator.close();
      await database.drop();
      await empty.drop();
      await remove();
    },
  };
  return stage;
}

/** Those that are not ok, a line each. */
export const bad = (findings: readonly Finding[]): string[] =>
  findings.filter(({ level }) => level !== 'ok').map(({ check, level, found }) => `${level} ${check}: ${found}`);

export const inDays = (days: number): Date => new Date(Date.now() + days * 86_400_000);
