// How most programs do it: one item at a time from the SDK's page iterator, and an upsert whenever a page is full.
import { PageIterator } from '@microsoft/microsoft-graph-client';
import { FIRST_PAGE, report } from './listing.mjs';
import { open } from './upsert.mjs';

const PAGE = 999;
const { graph, upsert, close } = await open();

await report(async () => {
  let users = 0;
  let page = [];
  const iterator = new PageIterator(graph, await graph.api(FIRST_PAGE).get(), (item) => {
    page.push(item);
    // The iterator does not wait for its callback: it pauses where this says no.
    return page.length < PAGE;
  });
  while (!iterator.isComplete()) {
    await (users === 0 ? iterator.iterate() : iterator.resume());
    if (page.length > 0) await upsert(page);
    users += page.length;
    page = [];
  }
  return users;
});
await close();
