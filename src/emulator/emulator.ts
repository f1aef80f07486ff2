import { setMaxListeners } from 'node:events';
import { createTokenRegistry } from './api/token-registry.js';
import { createThrottle, type ThrottlingOptions } from './api/throttle.js';
import { createCertificate, type ServerCertificate } from './certificate.js';
import { createFaultScript, type FaultScript } from './faults/script.js';
import { createGuids } from './guid.js';
import { createHandler } from './handler.js';
import { answerIdentity } from './identity/router.js';
import { listen } from './https-server.js';
import { createAccessTokens } from './login/access-tokens.js';
import { createRequestLog, type RequestRecord } from './request-log.js';
import { sampleTenant } from './sample/sample-tenant.js';
import type { TenantData } from './tenant/tenant-data.js';
import type { World } from './world.js';

export interface EmulatorOptions {
  /** A free one unless given. */
  readonly port?: number | undefined;
  /** The sample tenant unless given. */
  readonly tenants?: readonly TenantData[] | undefined;
  /** The largest page, even if more is asked for, so that a small tenant has many pages. */
  readonly largestPage?: number | undefined;
  /** Delays every answer. */
  readonly latencyMs?: number | undefined;
  /** Off unless given. */
  readonly throttling?: ThrottlingOptions | undefined;
  readonly skipTokenLifetimeMs?: number | undefined;
  readonly deltaTokenLifetimeMs?: number | undefined;
  readonly tokenLifetimeSeconds?: number | undefined;
  /** Generated unless given. */
  readonly certificate?: ServerCertificate | undefined;
  /** IPv4 unless given. */
  readonly address?: '127.0.0.1' | '::1' | undefined;
  /** Whether this is a machine of Azure: with a metadata service that hands out tokens of its managed identities. */
  readonly azureMachine?: boolean | undefined;
  /** Milliseconds since 1970, for tests that must not wait. */
  readonly clock?: (() => number) | undefined;
}

export interface Emulator extends AsyncDisposable {
  /** `https://localhost:PORT`: the host of the login and of Graph. */
  readonly url: string;
  /** `http://127.0.0.1:PORT`, of a machine of Azure: the host of its metadata service. */
  readonly metadataUrl: string | undefined;
  /** PEM, for a client's list of authorities. */
  readonly certificate: string;
  readonly requests: readonly RequestRecord[];
  clearRequests(): void;
  readonly faults: FaultScript;
  /** By tenant id. Changing what is in them is what administrators do. */
  readonly tenants: ReadonlyMap<string, TenantData>;
  close(): Promise<void>;
}

const DAY_MS = 86_400_000;

/** Starts a local Entra login and Graph. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const clock = options.clock ?? Date.now;
  const certificate = options.certificate ?? (await createCertificate());
  const accessTokens = await createAccessTokens({ clock, lifetimeSeconds: options.tokenLifetimeSeconds ?? 3599 });
  const tenants = new Map((options.tenants ?? [sampleTenant()]).map((tenant) => [tenant.tenantId, tenant]));
  const faults = createFaultScript();
  const log = createRequestLog();
  const closing = new AbortController();
  // Every delayed answer listens to it; how many there are is up to the clients.
  setMaxListeners(0, closing.signal);
  let url = '';
  const world: World = {
    get url() {
      return url;
    },
    clock,
    nextGuid: createGuids('request'),
    tenants,
    largestPage: options.largestPage ?? Infinity,
    accessTokens,
    pageTokens: createTokenRegistry(clock, options.skipTokenLifetimeMs ?? DAY_MS),
    // https://learn.microsoft.com/graph/delta-query-overview: seven days for objects of the directory.
    deltaTokens: createTokenRegistry(clock, options.deltaTokenLifetimeMs ?? 7 * DAY_MS),
    throttle: options.throttling === undefined ? undefined : createThrottle(options.throttling, clock),
  };

  const stage = { world, faults, log, closing: closing.signal };
  const address = options.address ?? '127.0.0.1';
  const latency = options.latencyMs ?? 0;
  const server = await listen({ port: options.port ?? 0, address, certificate }, createHandler(stage, latency));
  url = `https://${address === '::1' ? '[::1]' : 'localhost'}:${server.port}`;
  const metadata =
    options.azureMachine === true
      ? await listen(
          { port: 0, address: '127.0.0.1', certificate: undefined },
          createHandler({ ...stage, answerer: answerIdentity }, latency),
        )
      : undefined;
  const close = async (): Promise<void> => {
    closing.abort();
    await Promise.all([server.close(), metadata?.close()]);
  };
  return {
    url,
    metadataUrl: metadata === undefined ? undefined : `http://127.0.0.1:${metadata.port}`,
    certificate: certificate.cert,
    requests: log.records,
    clearRequests: () => log.clear(),
    faults,
    tenants,
    close,
    [Symbol.asyncDispose]: close,
  };
}
