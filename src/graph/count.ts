/** A count needs this header, and no `Accept: application/json`. @see https://learn.microsoft.com/graph/aad-advanced-queries */
export const EVENTUAL = { ConsistencyLevel: 'eventual' } as const;

const DIGITS = /^\s*\d+\s*$/;

/** Whether a body is a count: plain text, which is read as JSON; from a batch it may come as text. */
export const isCount = (body: unknown): boolean =>
  typeof body === 'string' ? DIGITS.test(body) : Number.isSafeInteger(body) && Number(body) >= 0;
