import { type Emulator, type TenantData } from '../../src/emulator/index.js';
import { startTestEmulator } from '../support/servers/emulator.js';
import { settingsFor } from '../support/rollcall.js';
import { createCrew } from './crew.js';
import { runEmbeddedTrial, withEmbedded } from './embedded-trial.js';
import { differences, findingOf, NO_DIFFERENCES } from './finding.js';
import { createRandom } from './random.js';
import { report } from './report.js';
import { NOTHING_LEFT, settle } from './settle.js';
import { changeState, firstState } from './tenant-states.js';
import { createUndisturbed, type Undisturbed } from './undisturbed.js';

const KILLS = 14;
const now = new Date();
let tenant: TenantData;
let emulator: Emulator;
let undisturbed: Undisturbed;
let settings: Awaited<ReturnType<typeof settingsFor>>;
beforeEach(async () => {
  undisturbed = await createUndisturbed(now);
  tenant = firstState(now);
  emulator = await startTestEmulator({ tenants: [tenant], latencyMs: 30 });
  settings = await settingsFor(emulator, tenant);
});
afterEach(async () => {
  await undisturbed.close();
  await emulator.close();
  await settings.remove();
});

test('kills of a process with an embedded Postgres, and of the server with it, lose nothing and leave nothing', async () => {
  const began = performance.now();
  const schedules = { SCHEDULE_NIGHTLY: 'off', SCHEDULE_SSO_ACCESS: 'off', LOG_LEVEL: 'info' };
  const environment = { ...settings.environment, ...schedules };
  const home = settings.environment['ROLLCALL_HOME'] ?? '';
  const trial = await runEmbeddedTrial({
    environment,
    home,
    kills: KILLS,
    random: createRandom(process.env['KILLS_SEED'] ?? '', 'embedded'),
    undisturbed,
    change: (round) => changeState(tenant, round, now),
  });
  await withEmbedded(home, async (database) => {
    const crew = (workers: number) => createCrew(workers, { environment });
    const left = await settle({ database, queue: database.queue, crew }, crew(0));
    const asking = `sync, ${trial.serversKilled} servers killed too`;
    const tried = { queue: 'embedded', workers: '1', asking, emulator, database, undisturbed, trial, left, began };
    report(await findingOf(tried));
    expect(differences(trial)).toEqual(NO_DIFFERENCES);
    expect(left).toEqual(NOTHING_LEFT);
  });
});
