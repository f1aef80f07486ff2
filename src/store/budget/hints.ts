export interface HintOptions {
  /** Whether anything here depends on a subject. */
  readonly knows: (subject: string) => boolean;
  /** Looks up at its source what a hint is about. Its failure is ignored: a hint may be lost. */
  readonly look: (subject: string) => Promise<void>;
  /** Stop listening for so many milliseconds: somebody floods the channel. */
  readonly onFlood: (silenceMs: number) => void;
}

/** How close together two looks at the same subject may be. */
const AGAIN_MS = 100;
/** So many hints in a second are no hints of ours: all workers together pause a few times a second at most. */
const MOST_A_SECOND = 200;
const SILENCE_MS = 60_000;

/**
 * Takes hints from a channel that any login may write to. A hint is not a fact (invariant 12): it says only that it may be worth looking: the answer comes from
 * its source. Many hints are one look, and a flood ends the listening for a while.
 * @returns what takes a hint
 */
export function createHints({ knows, look, onFlood }: HintOptions): (subject: string) => void {
  const looking = new Map<string, 'once' | 'again'>();
  let second = 0;
  let heard = 0;

  function lookAt(subject: string): void {
    looking.set(subject, 'once');
    void look(subject)
      .catch(() => {})
      .finally(() => setTimeout(() => next(subject), AGAIN_MS).unref());
  }

  function next(subject: string): void {
    const wanted = looking.get(subject);
    looking.delete(subject);
    if (wanted === 'again') lookAt(subject);
  }

  return (subject) => {
    const now = Math.floor(performance.now() / 1000);
    heard = now === second ? heard + 1 : 1;
    second = now;
    if (heard === MOST_A_SECOND) onFlood(SILENCE_MS);
    if (!knows(subject)) return;
    if (looking.has(subject)) looking.set(subject, 'again');
    else lookAt(subject);
  };
}
