import type { TokenRegistry } from './api/token-registry.js';
import type { DeltaState } from './api/delta-state.js';
import type { PageState } from './api/page-state.js';
import type { Throttle } from './api/throttle.js';
import type { AccessTokens } from './login/access-tokens.js';
import type { TenantData } from './tenant/tenant-data.js';

/** What all requests share. */
export interface World {
  /** `https://localhost:PORT`. */
  readonly url: string;
  readonly clock: () => number;
  readonly nextGuid: () => string;
  readonly tenants: ReadonlyMap<string, TenantData>;
  /** The most items on a page of any collection. */
  readonly largestPage: number;
  readonly accessTokens: AccessTokens;
  readonly pageTokens: TokenRegistry<PageState>;
  readonly deltaTokens: TokenRegistry<DeltaState>;
  readonly throttle: Throttle | undefined;
}
