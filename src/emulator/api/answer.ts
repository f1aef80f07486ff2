import type { Call } from '../call.js';
import type { Caller } from '../login/access-tokens.js';
import type { LazyBody } from '../reply.js';
import type { TenantData } from '../tenant/tenant-data.js';
import type { World } from '../world.js';

/** A request of a known caller to a known path. */
export interface GraphRequest {
  readonly world: World;
  readonly call: Call;
  readonly caller: Caller;
  readonly tenant: TenantData;
  /** What the route's pattern captured, such as an id. */
  readonly parameters: readonly string[];
}

/** What an endpoint says when all is well. */
export interface Answer {
  readonly body: string | LazyBody;
  /** JSON unless said otherwise. */
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One endpoint. */
export interface Route {
  /** Of the path below `/v1.0`. */
  readonly pattern: RegExp;
  /** Any one of these will do. */
  readonly permissions: readonly string[];
  /** Base cost in resource units. @see https://learn.microsoft.com/graph/throttling-limits#identity-and-access-service-limits */
  readonly units: number;
  /** Sign-ins and audits have a small budget of their own and refuse in other words than the directory. */
  readonly isReport?: boolean;
  answer(request: GraphRequest): Answer;
}

/** An entity, or any other single JSON object. */
export function entity(world: World, context: string, value: Readonly<Record<string, unknown>>): Answer {
  return { body: JSON.stringify({ '@odata.context': contextOf(world, context), ...value }) };
}

/** The `@odata.context` of something. */
export function contextOf({ url }: World, what: string): string {
  return `${url}/v1.0/$metadata#${what}`;
}
