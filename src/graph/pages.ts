import { z } from 'zod';
import { RollcallError } from '../errors.js';

/** One response of a collection. */
export interface Page {
  readonly items: readonly unknown[];
  /** The link to the next page; absent on the last. */
  readonly next?: string;
  /** Where the next delta starts; only on the last page of a delta. */
  readonly deltaLink?: string;
}

/** A whole address, or the end of one, as OData allows: a path or a query. What is neither leads nowhere. */
const RELATIVE = /^[^\s:]*[/?][^\s]*$/;
const link = z
  .string()
  .refine((value) => value === '' || URL.canParse(value) || RELATIVE.test(value))
  .nullish();
const envelope = z.object({ value: z.array(z.unknown()), '@odata.nextLink': link, '@odata.deltaLink': link });

export const isPage = (body: unknown): boolean => envelope.safeParse(body).success;

/**
 * @param body for which `isPage` holds
 * @param base the address that it came from, by which a relative link is completed
 */
export function toPage(body: unknown, base?: URL): Page {
  const { value, '@odata.nextLink': nextLink, '@odata.deltaLink': deltaLink } = envelope.parse(body);
  // A whole link is opaque, and stays as it came.
  const whole = (given: string) => (URL.canParse(given) || base === undefined ? given : new URL(given, base).href);
  return {
    items: value,
    ...(nextLink ? { next: whole(nextLink) } : {}),
    ...(deltaLink ? { deltaLink: whole(deltaLink) } : {}),
  };
}

const MOST_WAITS = 3;

/**
 * A collection page by page, following each link verbatim: it is opaque, and only its whole is valid. An empty page
 * with a link is not the end. While one page is worked on the next is on its way; memory is these two, whatever the
 * collection.
 * @throws RollcallError `graph_unreadable` if the links run in a circle
 * @see https://learn.microsoft.com/graph/paging
 */
export async function* follow(start: string, read: (link: string) => Promise<Page>): AsyncGenerator<Page, void, void> {
  // Brent's way to find a circle while remembering one link: compare with a mark that moves at every power of two.
  let mark = start;
  let steps = 0;
  let waits = 0;
  let coming: Promise<Page> | undefined = read(start);
  for (let asked = start; coming !== undefined;) {
    let page: Page | undefined = await coming;
    const next: string | undefined = page.next;
    // A page that is not ready yet may be empty and link to itself: it is asked for again, and not ahead of time.
    const isWaiting: boolean = next === asked && page.items.length === 0 && (waits += 1) <= MOST_WAITS;
    const isCircle: boolean = !isWaiting && next === mark;
    coming = next === undefined || isWaiting || isCircle ? undefined : readAhead(next, read);
    yield page;
    // Not referenced after the yield, so that the page can be collected.
    page = undefined;
    if (isCircle) throw circle(steps);
    if (next === undefined) return;
    if (isWaiting) coming = read(next);
    else {
      steps += 1;
      if (Number.isInteger(Math.log2(steps))) mark = next;
    }
    asked = next;
  }
}

function readAhead(link: string, read: (link: string) => Promise<Page>): Promise<Page> {
  const coming = read(link);
  // Its failure is handled when its turn comes; a reader that stops earlier does not need it.
  coming.catch(() => {});
  return coming;
}

function circle(steps: number): RollcallError {
  return new RollcallError(
    'graph_unreadable',
    `The links of a collection run in a circle after ${steps + 1} pages; expected a last page without a link`,
    'Nothing was removed. Run it again; if it happens again, report it to Microsoft with the request ids of the log.',
  );
}
