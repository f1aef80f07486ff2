/** Starts works in their order, so many at once; each result can be waited for by itself. */
export function startAll<T>(works: readonly (() => Promise<T>)[], atOnce: number): readonly Promise<T>[] {
  const results: Promise<T>[] = [];
  let running = 0;
  const queue: (() => void)[] = [];
  for (const work of works) {
    results.push(
      new Promise<T>((resolve, reject) => {
        const begin = () => {
          running += 1;
          work()
            .then(resolve, reject)
            .finally(() => {
              running -= 1;
              queue.shift()?.();
            });
        };
        if (running < atOnce) begin();
        else queue.push(begin);
      }),
    );
  }
  // Each is waited for by its test; until then a failure must not count as unhandled.
  for (const result of results) result.catch(() => {});
  return results;
}
