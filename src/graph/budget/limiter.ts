import PQueue from 'p-queue';

/** How many requests are in flight at once: as many as pay, found out while they are sent. */
export interface Limiter {
  readonly limit: number;
  /** Runs `work` when there is room. */
  run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** Says how long a request took. @param kind requests of one kind take about as long when nothing is in the way */
  took(kind: string, ms: number): void;
  /** Graph has complained: half as many, at once. */
  halve(): void;
}

// What the four runs of a worker have in flight, each its one request. Latency alone never takes it lower.
const START = 4;
const MOST = 32;
// Vegas: of the requests in flight, so many are not being worked on but wait somewhere in line. With fewer than FEW one
// more pays; with more than MANY one more only makes the line longer.
const FEW = 3;
const MANY = 6;
// What a kind of request takes at best creeps upwards, so that a server that became slower is believed after a while.
const FORGET = 0.0001;

/**
 * Doubles while that pays, then feels its way by one, and halves when Graph complains, as TCP does. Whether it pays is
 * read from the latency against the best known of the same kind of request.
 * @see https://en.wikipedia.org/wiki/TCP_Vegas
 */
export function createLimiter(): Limiter {
  const queue = new PQueue({ concurrency: START });
  const best = new Map<string, number>();
  let doubles = true;
  let ratios = 0;
  let samples = 0;
  let wasFull = false;

  function turn(): void {
    const limit = queue.concurrency;
    const inLine = limit * (1 - samples / ratios);
    if (inLine >= FEW) doubles = false;
    if (inLine > MANY) queue.concurrency = Math.max(Math.min(START, limit), limit - 1);
    else if (inLine < FEW && wasFull) queue.concurrency = Math.min(MOST, doubles ? limit * 2 : limit + 1);
    ratios = samples = 0;
    wasFull = false;
  }

  return {
    get limit() {
      return queue.concurrency;
    },
    async run(work, signal) {
      // The queue hands out places; work that has one runs to its end, even if it is aborted.
      const release = await new Promise<() => void>((granted, refused) => {
        const place = () => {
          wasFull ||= queue.pending >= queue.concurrency;
          return new Promise<void>((done) => granted(done));
        };
        queue.add(place, signal === undefined ? {} : { signal }).catch(refused);
      });
      try {
        return await work();
      } finally {
        release();
      }
    },
    took(kind, ms) {
      const took = Math.max(1, ms);
      const known = best.get(kind) ?? took;
      best.set(kind, Math.min(took, known + (took - known) * FORGET));
      ratios += Math.max(1, took / known);
      samples += 1;
      if (samples >= queue.concurrency) turn();
    },
    halve() {
      doubles = false;
      queue.concurrency = Math.max(1, Math.floor(queue.concurrency / 2));
      ratios = samples = 0;
      wasFull = false;
    },
  };
}
