/** What opening a database may need: the word to stop, and somebody to tell why it takes so long. */
export interface Patience {
  /** Aborted when the process is told to stop: a wait for another session then ends. */
  readonly signal?: AbortSignal | undefined;
  /** Hears, in a sentence, what is waited for or was repaired. */
  readonly tell?: ((sentence: string) => void) | undefined;
}
