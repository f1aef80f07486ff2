import type { CliContext } from './context.js';

/** What does the work of a command: it gets what commander parsed, the arguments first and the options after them. */
interface Work<Given extends unknown[]> {
  readonly execute: (context: CliContext, ...given: Given) => Promise<void>;
}

/** The one place that loads the work of a command, once it is asked for. */
export const lazily =
  <Given extends unknown[]>(context: CliContext, load: () => Promise<Work<Given>>) =>
  async (...given: Given): Promise<void> => {
    const { execute } = await load();
    await execute(context, ...given);
  };
