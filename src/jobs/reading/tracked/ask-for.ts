import type { GraphReader, Told } from '../../../graph/index.js';
import type { Chunk, Proof } from '../../task.js';

/**
 * Asks for whole objects. One that Graph does not find is looked for among the deleted ones: only if it is there is it gone,
 * because a replica that lags does not find what exists either, or if Graph has said so before. Of the others Graph has told
 * nothing, whatever it answered.
 * @param saidGone whether Graph has said of an object that it is gone, and has named it all the same
 * @see https://learn.microsoft.com/graph/api/directory-deleteditems-get
 */
export async function askFor(
  graph: GraphReader,
  ids: readonly string[],
  { object, deleted, what }: Proof,
  saidGone: (id: string) => boolean = () => false,
): Promise<Pick<Chunk, 'items' | 'unproven' | 'doubts'>> {
  if (ids.length === 0) return { items: [] };
  const told = await graph.objects(ids.map((id) => ({ id, path: object(id) })));
  const absent = ids.filter((id) => told.get(id)?.kind === 'absent' && !saidGone(id));
  const binned =
    absent.length === 0
      ? undefined
      : await graph.objects(
          absent.map((id) => ({ id, path: deleted(id) })),
          { once: true },
        );
  const items: unknown[] = [];
  const unproven: string[] = [];
  const answers: Record<string, number> = {};
  for (const id of ids) {
    const answer = told.get(id);
    if (answer?.kind === 'told') items.push(answer.value);
    else if (binned?.get(id)?.kind === 'told' || (answer?.kind === 'absent' && saidGone(id)))
      items.push({ id, '@removed': { reason: 'changed' } });
    else {
      unproven.push(id);
      const name = nameOf(answer);
      answers[name] = (answers[name] ?? 0) + 1;
    }
  }
  if (unproven.length === 0) return { items };
  return { items, unproven, doubts: [{ kind: 'unproven', what, answers }] };
}

/** What Graph answered, in a word. */
function nameOf(answer: Told<unknown> | undefined): string {
  if (answer?.kind !== 'refused') return '404';
  const { status } = answer.error.facts;
  return status === undefined ? 'unreadable' : String(status);
}
