import { existsSync } from 'node:fs';
import { sampleTenant } from '../../src/emulator/index.js';
import { tasks } from '../../src/jobs/registry.js';
import { missedSchedules, schedulesOf } from '../../src/jobs/worker/schedule.js';
import { hasPart } from '../support/part.js';
import { createProcessWorld, type ProcessWorld } from '../support/setup/process-world.js';
import { start } from '../support/rollcall.js';

const FAKETIME = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu']
  .map((folder) => `${folder}/faketime/libfaketime.so.1`)
  .find((path) => existsSync(path));

const hasFaketime = hasPart({
  isThere: FAKETIME !== undefined,
  what: 'FAKETIME',
  requiredBy: 'REQUIRE_FAKETIME',
  howToGetIt: 'Install faketime.',
});

/** A restart on the day of a change: what ran last, when the worker starts, and whether a night is to be made up for. */
const RESTARTS = [
  ['Europe/Berlin', '0 2 * * *', '2027-10-31T00:00:01Z', '2027-10-31T01:10:00Z', false],
  ['Europe/Berlin', '0 2 * * *', '2027-10-30T00:00:01Z', '2027-10-31T00:10:00Z', true],
  ['Europe/Berlin', '0 2 * * *', '2027-10-31T00:00:01Z', '2027-11-01T01:10:00Z', true],
  ['Europe/Berlin', '0 2 * * *', '2027-03-27T01:00:01Z', '2027-03-28T05:00:00Z', true],
  ['Europe/Berlin', '0 2 * * *', '2027-03-28T01:00:01Z', '2027-03-28T05:00:00Z', false],
  ['Europe/Berlin', '0 2 * * *', '2027-03-27T01:00:01Z', '2027-03-28T00:59:00Z', false],
  ['America/New_York', '30 1 * * *', '2027-11-07T05:30:01Z', '2027-11-07T06:45:00Z', false],
  ['America/New_York', '30 2 * * *', '2027-03-13T07:30:01Z', '2027-03-14T12:00:00Z', true],
  ['Australia/Lord_Howe', '45 1 * * *', '2027-04-03T14:45:01Z', '2027-04-03T15:20:00Z', false],
  ['Australia/Lord_Howe', '15 2 * * *', '2027-10-01T15:45:01Z', '2027-10-02T20:00:00Z', true],
  ['Asia/Kolkata', '0 2 * * *', '2027-03-27T20:30:01Z', '2027-03-28T20:00:00Z', false],
  ['Africa/Casablanca', '30 2 * * *', '2027-02-07T01:30:01Z', '2027-02-07T02:40:00Z', false],
  ['Africa/Casablanca', '30 2 * * *', '2027-03-13T02:30:01Z', '2027-03-14T09:00:00Z', true],
  ['Africa/Cairo', '0 0 * * *', '2027-04-28T22:00:01Z', '2027-04-30T06:00:00Z', true],
  ['America/Godthab', '59 23 * * *', '2027-03-27T01:59:01Z', '2027-03-28T10:00:00Z', true],
  ['Antarctica/Troll', '30 2 * * *', '2027-10-31T00:30:01Z', '2027-10-31T02:45:00Z', false],
] as const;

let world: ProcessWorld;
let now: string;
beforeAll(async () => {
  world = await createProcessWorld(sampleTenant(), { clock: () => Date.parse(now) });
});
afterAll(() => world.close());

async function lastRanAt(startedAt: string): Promise<void> {
  await world.database.rows('delete from rollcall_data.runs');
  for (const { name } of tasks)
    await world.database.rows(
      "insert into rollcall_data.runs (id, tenant_id, task, outcome, started_at, ended_at) values (gen_random_uuid(), $1, $2, 'failed', $3, $3)",
      [world.environment['AZURE_TENANT_ID'], name, startedAt],
    );
}

test.each(RESTARTS)('%s, %s: it ran at %s; a worker that starts at %s makes up for it: %s', async (...restart) => {
  const [timeZone, nightly, ran, restarts, expected] = restart;
  await lastRanAt(ran);
  const schedules = schedulesOf(world.environment['AZURE_TENANT_ID']!, tasks, {
    nightly,
    'sign-ins': 'off',
    timeZone,
  });
  const missed = await missedSchedules(world.database, { schedules, tasks, now: new Date(restarts) });
  expect(missed.map(({ data }) => data.schedule)).toEqual(expected ? ['nightly'] : []);
});

(hasFaketime ? test : test.skip).each(RESTARTS.slice(0, 5))(
  'a worker whose clock is shifted: %s, %s: it ran at %s and starts at %s: made up for: %s',
  async (timeZone, nightly, ran, restarts, expected) => {
    now = restarts;
    await lastRanAt(ran);
    const worker = start(['worker'], {
      ...world.environment,
      SCHEDULE_NIGHTLY: nightly,
      SCHEDULE_SSO_ACCESS: 'off',
      SCHEDULE_TIME_ZONE: timeZone,
      LD_PRELOAD: FAKETIME!,
      FAKETIME: `@${restarts.replace('T', ' ').replace('Z', '')}`,
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      DONT_FAKE_MONOTONIC: '1',
      TZ: 'UTC',
    });
    await worker.saysOnErr('worker started');
    await worker.saysOnErr('schedule kept');
    if (expected) await worker.saysOnErr('the last occasion was missed');
    worker.child.kill('SIGTERM');
    const { err } = await worker.ended;
    expect(err.includes('the last occasion was missed')).toBe(expected);
    expect(err).toContain(`"time":"${restarts.slice(0, 11)}`);
  },
);
