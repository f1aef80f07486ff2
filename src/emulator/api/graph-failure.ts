/** A request that Graph refuses. */
export class GraphFailure extends Error {
  override readonly name = 'GraphFailure';
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/** The request is wrong in itself. */
export function badRequest(message: string, code = 'Request_BadRequest'): GraphFailure {
  return new GraphFailure(400, code, message);
}

/** Graph's words for a directory object that does not exist. */
export function notFound(id: string): GraphFailure {
  return new GraphFailure(
    404,
    'Request_ResourceNotFound',
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  );
}

/** Graph could, the emulator cannot: it says so rather than answer something else. */
export function notEmulated(what: string): GraphFailure {
  return new GraphFailure(501, 'NotImplemented', `The Rollcall emulator does not know ${what}.`);
}
