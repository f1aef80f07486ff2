/** One request as the server saw it. Carries no body: the login's holds a secret. */
export interface RequestRecord {
  readonly method: string;
  /** With the query, as it was sent. */
  readonly path: string;
  /** 0 if the connection ended before a status was sent. */
  readonly status: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly tenantId?: string | undefined;
  readonly clientRequestId?: string | undefined;
  /** Of the body as it was sent, after compression. */
  readonly bytes: number;
  /** Resource units. */
  readonly units: number;
  /** For a request inside a `$batch`: the `request-id` of the whole batch. */
  readonly innerOf?: string | undefined;
  /** The kinds of the faults that struck it. */
  readonly faults: readonly string[];
}

// Enough for every request of a benchmark, and a bound for an emulator that runs for days.
const MOST = 500_000;

/** The requests so far, oldest first. */
export interface RequestLog {
  readonly records: readonly RequestRecord[];
  add(record: RequestRecord): void;
  clear(): void;
}

/** An empty log. */
export function createRequestLog(): RequestLog {
  const records: RequestRecord[] = [];
  return {
    records,
    add(record) {
      if (records.length < MOST) records.push(record);
    },
    clear: () => void records.splice(0),
  };
}
