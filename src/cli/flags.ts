import { Argument, InvalidArgumentError, Option } from 'commander';
import { ACTIONS } from '../store/schema/action-names.js';
import { JOB_STATES } from '../jobs/queue/queue.js';
import { ASKERS } from '../store/schema/askers.js';
import { OUTCOMES } from '../store/schema/outcomes.js';
import { GUID } from '../settings/guid.js';

/** An id of a run or a tenant. */
export function toUuid(value: string): string {
  if (GUID.test(value)) return value.toLowerCase();
  throw new InvalidArgumentError('expected an id such as 7d9f2c1e-4b3a-4c5d-8e6f-0123456789ab');
}

const MOST = 999_999;

export function toCount(value: string): number {
  if (/^[1-9]\d{0,5}$/.test(value)) return Number(value);
  throw new InvalidArgumentError(`expected a whole number from 1 to ${MOST}`);
}

/** An HTTP status. */
export function toStatus(value: string): number {
  if (/^[1-5]\d\d$/.test(value)) return Number(value);
  throw new InvalidArgumentError('expected an HTTP status from 100 to 599');
}

const DATE = /^(?<day>\d{4}-\d\d-\d\d)(?<time>[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(?<zone>Z|[+-]\d\d:?\d\d)?)?$/i;

/** An instant in ISO format, UTC unless it names a zone, or a time back from now such as `90m`, `6h`, `2d`. */
export function toInstant(value: string): string {
  const [, amount, unit] = /^(\d{1,6})([mhd])$/.exec(value) ?? [];
  const ms = unit === undefined ? instantOf(value) : Date.now() - Number(amount) * (UNIT_MS[unit] ?? 0);
  if (Number.isFinite(ms) && ms > 0) return new Date(ms).toISOString();
  throw new InvalidArgumentError('expected a time such as 2026-01-31T09:00:00Z, or 90m, 6h, 2d before now');
}

function instantOf(value: string): number {
  const { day = '', time = '', zone } = DATE.exec(value)?.groups ?? {};
  // The 31st of February would become a day of March.
  const isDay = day !== '' && new Date(`${day}T00:00:00Z`).toJSON()?.slice(0, 10) === day;
  return isDay ? Date.parse(time === '' || zone !== undefined ? value : `${value}Z`) : Number.NaN;
}

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** The options that filter lists, the same on every command that has them. */
export const taskOption = () => new Option('--task <task>', 'only this task');
export const tenantOption = () => new Option('--tenant <name>', 'only this tenant, by its name or id');
export const limitOption = (count: number) =>
  new Option('--limit <n>', 'how many at most').argParser(toCount).default(count);
export const jsonOption = (what: string) => new Option('--json', `print one JSON object per ${what}`);
export const sinceOption = () =>
  new Option('--since <time>', 'only from this time: 2026-01-31T09:00:00Z, or 90m, 6h, 2d before now').argParser(
    toInstant,
  );
export const untilOption = () => new Option('--until <time>', 'only before this time').argParser(toInstant);
export const outcomeOption = () => new Option('--outcome <outcome>', 'only runs with this outcome').choices(OUTCOMES);
export const jobStateOption = () => new Option('--state <state>', 'only jobs in this state').choices(JOB_STATES);
export const askedByOption = () =>
  new Option('--asked-by <who>', 'only requests of this part of Rollcall').choices(ASKERS);
export const actionOption = () => new Option('--action <action>', 'only this action').choices(ACTIONS);

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export const shellArgument = () => new Argument('<shell>', 'the shell').choices(SHELLS);
