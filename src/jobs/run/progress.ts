import { z } from 'zod';
import type { RunCounts } from '../../store/index.js';
import type { Cost } from '../../graph/index.js';
import { doubtSchema, wordsOf } from '../doubts.js';

const count = z.number().int().nonnegative().default(0);

/** How far the read of one collection is. */
const collectionProgress = z.object({
  /** When its read began, and what it is read under: under anything else, or much later, it begins again. */
  since: z.string().default(() => new Date().toISOString()),
  scope: z.unknown().optional(),
  /** The delta link that changes are read from; absent where everything is read. */
  delta: z.string().optional(),
  /** Where the next run can start; known when the read is done. */
  cursor: z.string().optional(),
  /** Where it goes on; absent before the first chunk and after the last. */
  next: z.string().optional(),
  done: z.boolean().default(false),
  /** How often it was begun again because a page token had expired. */
  restarts: count,
  pages: count,
  items: count,
  filteredBy: z.record(z.string(), z.number()).default({}),
  quarantined: count,
  /** Of the quarantined, those whose id could not be read: while there are any, nothing may be swept. */
  unidentified: count,
  /** Parents whose children could not be read. */
  skipped: count,
  /** Why what was read is not proven complete, beside what was quarantined and skipped: the run is partial. */
  doubts: z.array(doubtSchema).default([]),
  /** How many items were on a page that had a successor, on the shortest of them. */
  linked: z.number().optional(),
  /** What Graph counted when the listing had ended. */
  counted: z.union([z.number(), z.enum(['refused', 'failed'])]).optional(),
  /** Whether the listing was compared with Graph's count. */
  isCompared: z.boolean().default(false),
});

/** What was counted of the windows that have landed: one that is read again must count its own items once. */
const landedCounts = collectionProgress.pick({ filteredBy: true, quarantined: true, unidentified: true });

/** How far the read of a stream is. All instants in ISO format. */
const streamProgress = z.object({
  /** Where the window under way begins, and how long windows are now. */
  from: z.string(),
  spanMs: z.number(),
  /** Where the run ends: fixed at its start, so that it ends. */
  end: z.string(),
  added: count,
  changed: count,
  unchanged: count,
  landed: landedCounts.default(() => landedCounts.parse({})),
});

/** The state that a checkpoint keeps. */
const progressSchema = z.object({
  collections: z.record(z.string(), collectionProgress).default({}),
  stream: streamProgress.optional(),
  requests: count,
  retries: count,
  bytes: count,
  throttledMs: count,
  /** Attempts in a row that were interrupted before they had read a page, and the pages there were when the last one began. */
  idle: count,
  idlePages: count,
});

export type Progress = z.output<typeof progressSchema>;
export type StreamProgress = z.output<typeof streamProgress>;
export type CollectionProgress = z.output<typeof collectionProgress>;

/** Reads the state of a checkpoint; undefined where there is none that this version can read. */
export const toProgress = (state: unknown): Progress | undefined => progressSchema.safeParse(state).data;

export const newProgress = (): Progress => progressSchema.parse({});

export const beginning = (): CollectionProgress => collectionProgress.parse({});

export const streamBeginning = (window: Pick<StreamProgress, 'from' | 'end' | 'spanMs'>): StreamProgress =>
  streamProgress.parse(window);

export function progressOf(progress: Progress, resource: string): CollectionProgress {
  return (progress.collections[resource] ??= beginning());
}

export function addCost(progress: Progress, cost: Cost): void {
  progress.requests += cost.requests;
  progress.retries += cost.retries;
  progress.bytes += cost.bytes;
  progress.throttledMs += Math.round(cost.throttledMs);
}

/** Why a run is partial, beside what it counts: a sentence each. */
export const doubtsOf = ({ collections }: Progress): string[] => [
  ...new Set(Object.values(collections).flatMap(({ doubts }) => doubts.map(wordsOf))),
];

/** What the read alone has counted; the comparison adds the rest. */
export function readCounts(progress: Progress): RunCounts {
  const parts = Object.values(progress.collections);
  const sum = (of: (part: CollectionProgress) => number) => parts.reduce((total, part) => total + of(part), 0);
  const filteredBy: Record<string, number> = {};
  for (const part of parts) {
    for (const [name, number] of Object.entries(part.filteredBy)) filteredBy[name] = (filteredBy[name] ?? 0) + number;
  }
  return {
    pages: sum((part) => part.pages),
    items: sum((part) => part.items),
    filtered: Object.values(filteredBy).reduce((total, number) => total + number, 0),
    filteredBy,
    quarantined: sum((part) => part.quarantined),
    skipped: sum((part) => part.skipped),
    skippedParents: [],
    added: progress.stream?.added ?? 0,
    changed: progress.stream?.changed ?? 0,
    removed: 0,
    unchanged: progress.stream?.unchanged ?? 0,
    requests: progress.requests,
    retries: progress.retries,
    bytes: progress.bytes,
    throttledMs: progress.throttledMs,
  };
}
