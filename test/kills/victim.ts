import { start, type Ended, type Running } from '../support/rollcall.js';

/** A process of ours that may be killed at any time. */
export interface Victim {
  /** What its connections call themselves. */
  readonly name: string;
  readonly running: Running;
  isAlive(): boolean;
  /** Stops it in the middle of whatever it does; it does not notice. */
  freeze(): void;
  kill(): Promise<Ended>;
  /** How it ended, where it did without being killed. */
  endedByItself(): Ended | undefined;
}

let started = 0;

/** Starts the program; `databaseUrl` is absent where it has an embedded Postgres. */
export function startVictim(
  args: readonly string[],
  environment: Record<string, string>,
  databaseUrl?: string,
): Victim {
  started += 1;
  const name = databaseUrl === undefined ? 'rollcall' : `victim-${started}`;
  const url = databaseUrl === undefined ? undefined : new URL(databaseUrl);
  url?.searchParams.set('application_name', name);
  const database = url === undefined ? {} : { DATABASE_URL: url.href };
  const running = start(args, { ...environment, ...database });
  let ended: Ended | undefined;
  let killed = false;
  void running.ended.then((how) => (ended = how));
  const { child } = running;
  return {
    name,
    running,
    isAlive: () => child.exitCode === null && child.signalCode === null,
    freeze: () => void child.kill('SIGSTOP'),
    kill() {
      killed = true;
      child.kill('SIGKILL');
      return running.ended;
    },
    endedByItself: () => (killed ? undefined : ended),
  };
}
