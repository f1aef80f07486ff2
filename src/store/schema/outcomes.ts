/** How a run stands: `running` until it ends; then one of the others, unless a replay opens it again. */
export const OUTCOMES = ['running', 'complete', 'partial', 'held', 'failed', 'cancelled'] as const;
