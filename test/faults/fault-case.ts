import type { Emulator, Fault } from '../../src/emulator/index.js';
import type { Ended, Running } from '../support/rollcall.js';
import type { TestDatabase } from '../support/servers/database.js';
import type { Row } from './snapshot.js';

export type TaskName = 'hr-roster' | 'application-discovery' | 'sso-roster' | 'sso-access';

/** One thing that can go wrong, as data. Where nothing is said of a task, its run must end `complete`. */
export interface FaultCase {
  readonly fault: string;
  readonly where: string;
  /** What the emulator does to requests. */
  readonly strikes?: () => readonly Fault[];
  /** What else happens, instead of one `sync` of the tasks. @returns how the process ended that was struck */
  readonly story?: (scene: Scene) => Promise<Ended>;
  /** All four unless given. The others' rows must not change. */
  readonly tasks?: readonly TaskName[];
  readonly settings?: Readonly<Record<string, string>>;
  /**
   * An empty database; or one that the same Graph was read into before, of which it tells the changes. Otherwise one that was
   * read before, of a tenant that has changed since and is listed again.
   */
  readonly start?: 'empty' | 'changes';
  /** `own`: a Postgres that nobody else uses, so that it may be killed. */
  readonly server?: 'own';
  /** Tasks that must fail, with the error code. */
  readonly fails?: Partial<Record<TaskName, string>>;
  /** The program must refuse to begin, with this text on standard error. */
  readonly refuses?: string;
  /** Tasks that must end partial, with what the reasons in the quarantine must contain, one each. */
  readonly partial?: Partial<Record<TaskName, readonly string[]>>;
  /** Rows, as the undisturbed run leaves them, that must stay as they were before the run. */
  readonly keeps?: (table: string, row: Row) => boolean;
  /** How a row must look instead of how the undisturbed run leaves it. */
  readonly alters?: (table: string, row: Row) => Row;
  /** Requests beyond the undisturbed run, where they can be told exactly. */
  readonly extra?: number;
  /** What must hold besides. @returns what is wrong */
  readonly also?: (scene: Scene) => Promise<readonly string[]>;
  /** Part of `npm test`. */
  readonly short?: true;
}

/** Where a fault is played: a world of its own. */
export interface Scene {
  readonly emulator: Emulator;
  readonly database: TestDatabase;
  readonly environment: Readonly<Record<string, string>>;
  start(args: readonly string[], settings?: Readonly<Record<string, string>>): Running;
  /** The tasks, waited for. */
  sync(settings?: Readonly<Record<string, string>>): Promise<Ended>;
  /** Kills the Postgres, and waits until it is there again. Only on a server of its own. */
  crash(): Promise<void>;
  /** Called when the fault is over, last first. */
  onEnd(release: () => Promise<void>): void;
}
