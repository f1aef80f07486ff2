import { z } from 'zod';
import type { RunCounts } from '../../store/index.js';
import type { Cost } from '../../graph/index.js';
import { doubtSchema, wordsOf } from '../doubts.js';

const count = z.number().int().nonnegative().default(0);

/** How far a collection is read. */
const collectionProgress = z.object({
  /** When the read began and with which scope. It starts again if the scope differs or much time has passed. */
  since: z.string().default(() => new Date().toISOString()),
  scope: z.unknown().optional(),
  /** The delta link that changes are read from; absent in a full read. */
  delta: z.string().optional(),
  /** Where the next run can start; known at the end of the read. */
  cursor: z.string().optional(),
  /** Where it resumes; absent before the first chunk and after the last. */
  next: z.string().optional(),
  done: z.boolean().default(false),
  /** How often it started again because a page token had expired. */
  restarts: count,
  pages: count,
  items: count,
  filteredBy: z.record(z.string(), z.number()).default({}),
  quarantined: count,
  /** Quarantined items without a readable id: if there are any, nothing may be swept. */
  unidentified: count,
  /** Parents whose children could not be read. */
  skipped: count,
  /** Why the read is not proven complete, besides what was quarantined and skipped: the run is partial. */
  doubts: z.array(doubtSchema).default([]),
  /** How many items were on a page that had a successor, on the shortest of them. */
  linked: z.number().optional(),
  /** Graph's count at the end of the listing. */
  counted: z.union([z.number(), z.enum(['refused', 'failed'])]).optional(),
  isCompared: z.boolean().default(false),
});

/** The counts of landed windows, from which a window that is read again starts. */
const landedCounts = collectionProgress.pick({ filteredBy: true, quarantined: true, unidentified: true });

/** How far a stream is read. Instants in ISO format. */
const streamProgress = z.object({
  /** Where the current window begins, and how long windows are now. */
  from: z.string(),
  spanMs: z.number(),
  /** Fixed at the start of the run, so that it ends. */
  end: z.string(),
  added: count,
  changed: count,
  unchanged: count,
  landed: landedCounts.default(() => landedCounts.parse({})),
});

/** The state in a checkpoint. */
const progressSchema = z.object({
  collections: z.record(z.string(), collectionProgress).default({}),
  stream: streamProgress.optional(),
  requests: count,
  retries: count,
  bytes: count,
  throttledMs: count,
  /** Attempts in a row that were interrupted before they had read a page, and the number of pages when the last one began. */
  idle: count,
  idlePages: count,
});

export type Progress = z.output<typeof progressSchema>;
export type StreamProgress = z.output<typeof streamProgress>;
export type CollectionProgress = z.output<typeof collectionProgress>;

/** Undefined if there is no checkpoint that this version can read. */
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

/** Why a run is partial, besides what it counts: a sentence each. */
export const doubtsOf = ({ collections }: Progress): string[] => [
  ...new Set(Object.values(collections).flatMap(({ doubts }) => doubts.map(wordsOf))),
];

/** The counts of the read; the comparison adds the rest. */
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
