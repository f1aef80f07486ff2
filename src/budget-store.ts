/** What Graph allows in a window of time, of which at most `burst` (0 to 1) is asked for at once. */
export interface Limit {
  readonly units: number;
  readonly windowMs: number;
  readonly burst: number;
}

export interface Ask extends Limit {
  /** So many units are wanted: all of them, or none. */
  readonly take: number;
  /** How full Graph said the bucket is; 1 is the limit. The books are corrected upwards by it. */
  readonly used?: number | undefined;
}

export interface Lease {
  /** 0: the units are leased. Otherwise none are, and it is no use to ask again earlier. */
  readonly waitMs: number;
  /** Until Graph may be asked again, because it has told somebody to wait. */
  readonly pauseMs: number;
  /** How full the bucket is by the books; 1 is the limit. */
  readonly full: number;
}

/**
 * Where the processes that read one tenant as one application keep the books of what they ask of Graph. A bucket is
 * kept as Graph documents it: what was used flows off evenly over the window. The time is the store's own, because the
 * clocks of machines differ.
 *
 * A bucket's `share` is the part of the limit that is in use: each pause makes it smaller by a fifth (and those that
 * come while one lasts do not, since they are of the same fault), and every window gives a tenth back.
 * @see https://learn.microsoft.com/graph/throttling-limits#identity-and-access-service-limits
 */
export interface BudgetStore {
  lease(bucket: string, ask: Ask): Promise<Lease>;
  /** Nobody sends for so long, whatever the bucket. A shorter pause never cuts a longer one. */
  pause(bucket: string, pauseMs: number): Promise<void>;
  /** Names who wants to hear at once that another process was told to wait; all others learn it with their next lease. */
  onPause(listener: (pauseMs: number) => void): void;
}

/** The books of all applications that a process reads as. */
export interface Budgets {
  /** @param application the tenant and the application that reads it */
  of(application: string): BudgetStore & { close(): Promise<void> };
  /** Throws the books of a tenant away, whatever the application, unless they go with its rows. */
  forget(tenantId: string): Promise<void>;
  close(): Promise<void>;
}

/** No pause is longer, whatever says so: Graph throttles for minutes. */
export const LONGEST_PAUSE_MS = 24 * 60 * 60_000;

/** A pause as it may be obeyed: finite, not negative, at most a day. What is no number is no pause. */
export const boundedPause = (ms: number): number =>
  Number.isNaN(ms) ? 0 : Math.min(Math.max(0, ms), LONGEST_PAUSE_MS);
