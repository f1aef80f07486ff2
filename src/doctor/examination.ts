import type { Config } from '../settings/config.js';
import type { Credential, Exchange } from '../graph/index.js';
import type { Task } from '../jobs/task.js';
import type { Logger } from '../log.js';

/** What leads to a tenant's login and Graph. */
export type Way = Pick<
  Config,
  | 'authorityHost'
  | 'graphBaseUrl'
  | 'graphAudience'
  | 'certificateAuthority'
  | 'proxy'
  | 'identityService'
  | 'graphTimeoutMs'
>;

/** A tenant to look at, and with what. */
export interface Examination {
  readonly tenantId: string;
  /** Fetches the secret; fails if it is not where it should be. */
  readonly openCredential: () => Promise<Credential>;
  readonly way: Way;
  readonly tasks: readonly Task[];
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** The groups that are assigned to applications, as far as the database knows. */
  readonly assignedGroups: () => Promise<readonly string[]>;
  /** Hears of every exchange with the login and Graph: for the access log. */
  readonly record: (exchange: Exchange) => void;
}

/** A login that does not answer is not waited for as long as a run would. */
export const LOGIN_TIMEOUT_MS = 15_000;
