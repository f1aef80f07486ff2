import type { Config } from '../settings/config.js';
import type { Credential, Exchange } from '../graph/index.js';
import type { Task } from '../jobs/task.js';
import type { Logger } from '../log.js';

/** How a tenant's login and Graph are reached. */
export type Endpoints = Pick<
  Config,
  | 'authorityHost'
  | 'graphBaseUrl'
  | 'graphAudience'
  | 'certificateAuthority'
  | 'proxy'
  | 'identityService'
  | 'graphTimeoutMs'
>;

/** A tenant to check, and what the checks need. */
export interface TenantCheck {
  readonly tenantId: string;
  /** Reads the secret; fails if it is not where it should be. */
  readonly openCredential: () => Promise<Credential>;
  readonly endpoints: Endpoints;
  readonly tasks: readonly Task[];
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** The groups that are assigned to applications, as far as the database knows. */
  readonly assignedGroups: () => Promise<readonly string[]>;
  /** Called with every exchange with the login and Graph, for the access log. */
  readonly record: (exchange: Exchange) => void;
}

/** Shorter than in a run, because a person waits. */
export const LOGIN_TIMEOUT_MS = 15_000;
