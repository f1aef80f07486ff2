import { nextOccasion } from './next-occasion.js';

const ZONES = Intl.supportedValuesOf('timeZone');
const DAY_MS = 86_400_000;

const wallOf = (zone: string) => {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
  return (instant: Date) => format.format(instant);
};

/** The days on which a zone moves its clocks. */
function changesOf(zone: string): number[] {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  const offset = (instant: number) => format.formatToParts(instant).find(({ type }) => type === 'timeZoneName')?.value;
  const days = Array.from({ length: 2 * 366 }, (_, day) => Date.UTC(2027, 0, 1) + day * DAY_MS);
  return days.filter((day) => offset(day) !== offset(day + DAY_MS));
}

test('in every zone, on every day of a change, each night comes once, whatever the worker is restarted after', () => {
  const wrong: string[] = [];
  for (const zone of ZONES) {
    const wall = wallOf(zone);
    for (const change of changesOf(zone)) {
      for (const pattern of [
        '0 2 * * *',
        '30 2 * * *',
        '0 0 * * *',
        '30 0 * * *',
        '15 1 * * *',
        '0 3 * * *',
        '59 23 * * *',
      ]) {
        const nights: Date[] = [];
        let at = new Date(change - 2.5 * DAY_MS);
        for (let night = 0; night < 6; night += 1) {
          at = nextOccasion(pattern, zone, at);
          nights.push(at);
          // A run begins a little after its occasion, and the next occasion is looked for from there.
          at = new Date(at.getTime() + 1500);
        }
        const gaps = nights.slice(1).map((night, index) => (night.getTime() - nights[index]!.getTime()) / 3_600_000);
        if (gaps.every((gap) => gap >= 22 && gap <= 26)) continue;
        wrong.push(`${zone} ${pattern}: ${nights.map(wall).join(', ')}`);
      }
    }
  }
  expect(wrong).toEqual([]);
});

test.each([
  // Zone, pattern, last run, next occasion.
  ['Europe/Berlin', '0 2 * * *', '2027-10-31T00:00:01Z', '2027-11-01T01:00:00Z', 'the first of two'],
  ['Europe/Berlin', '0 2 * * *', '2027-10-30T00:00:01Z', '2027-10-31T00:00:00Z', 'the first of two'],
  ['Europe/Berlin', '0 2 * * *', '2027-03-27T01:00:01Z', '2027-03-28T01:00:00Z', 'three instead of two'],
  ['Europe/Berlin', '30 2 * * *', '2027-03-27T01:30:01Z', '2027-03-28T01:30:00Z', 'half past three'],
  ['Europe/Berlin', '0 2 * * *', '2027-03-28T01:00:01Z', '2027-03-29T00:00:00Z', 'the day after'],
  ['Europe/Berlin', '0,30 2,3 * * *', '2027-03-28T00:59:00Z', '2027-03-28T01:00:00Z', 'the sooner of two walls'],
  ['Europe/Berlin', '0,30 2,3 * * *', '2027-03-28T01:00:00Z', '2027-03-28T01:30:00Z', 'and no instant twice'],
  ['America/New_York', '30 1 * * *', '2027-11-07T05:30:01Z', '2027-11-08T06:30:00Z', 'the first of two'],
  ['Australia/Lord_Howe', '15 2 * * *', '2027-10-02T15:00:00Z', '2027-10-02T15:45:00Z', 'half an hour left out'],
  ['Australia/Lord_Howe', '45 1 * * *', '2027-04-03T14:45:01Z', '2027-04-04T15:15:00Z', 'half an hour twice'],
  ['Asia/Kolkata', '0 2 * * *', '2027-03-28T00:00:00Z', '2027-03-28T20:30:00Z', 'no change at all'],
  ['Africa/Cairo', '0 0 * * *', '2027-04-29T12:00:00Z', '2027-04-29T22:00:00Z', 'midnight left out'],
  ['Asia/Beirut', '0 0 * * *', '2027-03-27T12:00:00Z', '2027-03-27T22:00:00Z', 'midnight left out'],
  [
    'Africa/Casablanca',
    '0 2 * * *',
    '2027-02-06T01:00:01Z',
    '2027-02-07T01:00:00Z',
    'Ramadan begins: the first of two',
  ],
  ['Antarctica/Troll', '0 2 * * *', '2027-10-31T00:00:01Z', '2027-11-01T02:00:00Z', 'two hours twice'],
  ['Europe/Berlin', '15 * * * *', '2027-10-31T00:15:01Z', '2027-10-31T01:15:00Z', 'every hour that passes'],
  ['UTC', '*/10 * * * * *', '2027-01-01T00:00:01Z', '2027-01-01T00:00:10Z', 'seconds'],
])('%s, %s: after %s comes %s (%s)', (zone, pattern, after, expected) => {
  expect(nextOccasion(pattern, zone, new Date(after)).toISOString()).toBe(new Date(expected).toISOString());
});
