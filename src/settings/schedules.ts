/** Every schedule there is. A task says which of them run it. */
export const SCHEDULES = [
  {
    name: 'nightly',
    variable: 'SCHEDULE_NIGHTLY',
    field: 'schedule_nightly',
    column: 'scheduleNightly',
    usual: '0 2 * * *',
    description: 'When the nightly tasks run: a cron pattern, or `off`',
  },
  {
    name: 'sign-ins',
    variable: 'SCHEDULE_SSO_ACCESS',
    field: 'schedule_sso_access',
    column: 'scheduleSsoAccess',
    usual: '15 * * * *',
    description: 'When sign-ins are read: a cron pattern, or `off`',
  },
] as const;

type Schedule = (typeof SCHEDULES)[number];
export type ScheduleName = Schedule['name'];

/** A value for each schedule, under what it is called in one place: its name, its variable, its field or its column. */
export function perSchedule<K extends keyof Schedule, T>(
  key: K,
  valueOf: (schedule: Schedule) => T,
): {
  [S in Schedule as S[K]]: T;
};
export function perSchedule(key: keyof Schedule, valueOf: (schedule: Schedule) => unknown): object {
  return Object.fromEntries(SCHEDULES.map((schedule) => [schedule[key], valueOf(schedule)]));
}
