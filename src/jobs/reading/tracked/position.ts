import { z } from 'zod';

/** Where the read of a tracked collection resumes. */
export const position = z.object({
  phase: z.enum(['list', 'delta']),
  link: z.string(),
  /** Taken before the listing: what changes while it is read is told from there. */
  cursor: z.string().optional(),
  /** The ids of objects that were told in part and have not been asked for yet. */
  parts: z.array(z.string()).default([]),
});
export type Position = z.output<typeof position>;
